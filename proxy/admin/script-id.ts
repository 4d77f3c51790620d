/** Which Apps Script project is meant by what people paste: its id, or an address in which it stands. */
import { failure, FailureError } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'

// 57 characters. A spreadsheet's has 44, a deployment's begins with AKfycb.
const SCRIPT_ID = /^(?!AKfycb)[\w-]{50,80}$/

/** @throws {FailureError} `not-a-script-id`, saying what it is in its place. */
export function readScriptId(pasted: string): string {
  const value = pasted.trim()
  const id = projectIn(value) ?? value
  if (SCRIPT_ID.test(id)) return id
  throw new FailureError(failure('not-a-script-id', { value, is: IS[kindOf(value)] }))
}

/** @returns what stands for the project in an address of the editor, old or new, of any account; undefined elsewhere. */
function projectIn(value: string): string | undefined {
  // A browser leaves https:// out of what it shows, and some out of what they copy.
  const address = /^script\.google\.com\//i.test(value) ? `https://${value}` : value
  if (!URL.canParse(address)) return undefined
  const { hostname, pathname } = new URL(address)
  return hostname === 'script.google.com' ? /\/(?:projects|d)\/([^/]+)/.exec(pathname)?.[1] : undefined
}

type Kind = 'spreadsheet' | 'deployment' | 'unknown'

function kindOf(value: string): Kind {
  if (/docs\.google\.com\/|^[\w-]{44}$/.test(value)) return 'spreadsheet'
  return /(?:^|\/)AKfycb/.test(value) ? 'deployment' : 'unknown'
}

const IS: Readonly<Record<Kind, Localised>> = {
  spreadsheet: {
    en: 'leads to a spreadsheet, and the add-on goes into an Apps Script project of its own',
    zh: '指向电子表格，而插件需放入单独的 Apps Script 项目',
    fr: 'mène à une feuille de calcul, et le module va dans un projet Apps Script à part',
  },
  deployment: {
    en: 'is the id of a deployment, a fixed version of a project',
    zh: '是部署（项目的固定版本）的 ID',
    fr: 'est l’ID d’un déploiement, une version figée d’un projet',
  },
  unknown: {
    en: 'is not the id of an Apps Script project',
    zh: '不是 Apps Script 项目的 ID',
    fr: 'n’est pas l’ID d’un projet Apps Script',
  },
}
