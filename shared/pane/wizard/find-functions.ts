/** The catalogue, searched by name and by what a function does, in any of our languages. */
import { FUNCTION_NAMES, functionSpec, type AskedOf, type FunctionName } from '../../functions.ts'

export type FunctionGroup = 'descriptions' | 'codes' | 'reference' | 'account'

const GROUP_OF: Record<AskedOf, FunctionGroup> = {
  classification: 'descriptions',
  tariff: 'codes',
  text: 'codes',
  reference: 'reference',
  expert: 'reference',
  account: 'account',
}
export const FUNCTION_GROUPS: readonly FunctionGroup[] = ['descriptions', 'codes', 'reference', 'account']

/** All words must be found. @returns groups with something in them, in the order of the catalogue. */
export function findFunctions(search: string): { group: FunctionGroup; names: FunctionName[] }[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = FUNCTION_NAMES.filter((name) => {
    const { summary } = functionSpec(name)
    const text = [name, ...Object.values(summary)].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return FUNCTION_GROUPS.map((group) => ({
    group,
    names: found.filter((name) => GROUP_OF[functionSpec(name).askedOf] === group),
  })).filter(({ names }) => names.length > 0)
}
