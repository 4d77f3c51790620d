/** From HSCIQ's replies to ours: pure functions. A bad item is left out and its neighbours stand; where none is left, the answer says so. */
import * as z from 'zod/mini'
import type { Country } from '../../../shared/country.ts'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { cleanText, readCode } from '../clean-text.ts'
import type { Candidate, Classification, Reply } from '../provider.ts'
import { HSCIQ } from './client.ts'
import {
  ciqItem,
  codeItem,
  hazardItem,
  instanceItem,
  portItem,
  type CodeDetail,
  type CodeItem,
  type Page,
} from './schema.ts'
import { rateText } from './treatments.ts'

export const NO_MATCH = failure('no-match', { provider: HSCIQ })

const CANDIDATES_MAX = 10

export function brokenCode(value: unknown): Failure {
  return failure('upstream-code-broken', { provider: HSCIQ, value: cleanText(value) || '–' })
}

/** search_code → the first code of each subheading, in HSCIQ's order. It gives no scores. */
export function toClassification(page: Page): Classification | Failure {
  const candidates = new Map<string, Candidate>()
  let broken: Failure | null = null
  for (const item of itemsOf(page, codeItem)) {
    const code = readCode(item.Code)
    if (code === null) broken ??= brokenCode(item.Code)
    // A heading is no classification.
    else if (code.length >= 6 && !candidates.has(code.slice(0, 6)))
      candidates.set(code.slice(0, 6), { code, score: null })
  }
  if (candidates.size === 0) return broken ?? NO_MATCH
  return {
    kind: 'classification',
    candidates: [...candidates.values()].slice(0, CANDIDATES_MAX),
    headings: [],
    lines: { count: 0, first: [] },
    words: [],
    vague: null,
    missing: null,
  }
}

/** HSSEARCH: code, name, rate. */
export function toSearchTable(page: Page, country: Country, rows: number): Reply {
  return toTable(page, codeItem, rows, (item) => {
    const code = readCode(item.Code)
    return code === null ? brokenCode(item.Code) : [code, cleanText(item.Name), baseRateText(item, country)]
  })
}

/** The column most goods pay by, as printed. */
function baseRateText(item: CodeItem, country: Country): string {
  switch (country) {
    case 'CN':
      return rateText(item.Import)
    case 'JP':
      return rateText(item.WTO) || rateText(item.Temporary) || rateText(item.General)
    default:
      return rateText(item.GeneralRateofDuty)
  }
}

/** HSEXAMPLES: name, count. */
export function toExampleTable(page: Page, rows: number): Reply {
  return toTable(page, instanceItem, rows, (item) => {
    const name = plainOr(item.InstanceNamePlain, item.InstanceName)
    return name === '' ? null : [name, readCount(item.Count) ?? '']
  })
}

/** How often is no reason to leave a name out, so a count that is none is left blank. */
function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** HSHAZARD: name, alias, CAS, code, remarks. A code that is none is left blank: the substance is listed all the same. */
export function toHazardTable(page: Page, rows: number): Reply {
  return toTable(page, hazardItem, rows, ({ Name, Alias, CAS, HSCode, Remarks }) => {
    const row = [Name, Alias, CAS].map(cleanText)
    return row.every((text) => text === '') ? null : [...row, readCode(HSCode) ?? '', cleanText(Remarks)]
  })
}

/** HSPORT: code, name, Chinese name, country, shipping line. */
export function toPortTable(page: Page, rows: number): Reply {
  return toTable(page, portItem, rows, (item) => {
    const code = plainOr(item.CodePlain, item.Code)
    const name = plainOr(item.ENamePlain, item.EName)
    const chinese = plainOr(item.CNamePlain, item.CName)
    if (code === '' && name === '' && chinese === '') return null
    return [code, name, chinese, cleanText(item.Country?.Name), cleanText(item.ShippingLine?.Name)]
  })
}

/** HSCIQ: code, CIQ number, name, supervision. The search is by text, so what belongs to another code is left out.
 * @param digits of the code asked for. */
export function toCiqTable(page: Page, digits: string, rows: number): Reply {
  return toTable(page, ciqItem, rows, (item) => {
    const code = readCode(item.Code)
    if (code === null) return brokenCode(item.Code)
    return code.startsWith(digits) ? [code, cleanText(item.Id), cleanText(item.Name), cleanText(item.Number)] : null
  })
}

/** HSDESC. */
export function toName(detail: CodeDetail, code: string): Reply {
  const name = cleanText(detail.Name)
  return name === '' ? failure('no-label', { code }) : { kind: 'value', value: name }
}

/** HSUNIT: the first and the second legal unit, as the tariffs in the house join theirs. */
export function toUnit(detail: CodeDetail, country: Country, code: string): Reply {
  const legal = [detail.Unit1, detail.Unit2].map(cleanText).filter((unit) => unit !== '')
  const units =
    cleanText([...new Set(legal)].join(', ')) || cleanText(detail.UnitOfMeasure) || cleanText(detail.UnitofMeasure)
  return units === '' ? failure('no-unit', { country, code }) : { kind: 'value', value: units }
}

/** The plain field; the other one, whose mark-up cleanText takes out, where that is missing. */
function plainOr(plain: unknown, marked: unknown): string {
  return cleanText(plain) || cleanText(marked)
}

export function itemsOf<Item>(page: { items?: unknown[] | null | undefined }, schema: z.ZodMiniType<Item>): Item[] {
  return readItems(page.items, schema)
}

/** Those of a list that are what they should be. */
export function readItems<Item>(items: readonly unknown[] | null | undefined, schema: z.ZodMiniType<Item>): Item[] {
  return (items ?? []).flatMap((item) => {
    const parsed = z.safeParse(schema, item)
    return parsed.success ? [parsed.data] : []
  })
}

/** @param read null: not to be shown; a failure: shown where no row is left. */
function toTable<Item>(
  page: Page,
  schema: z.ZodMiniType<Item>,
  rows: number,
  read: (item: Item) => Cell[] | Failure | null,
): Reply {
  const table: Cell[][] = []
  let broken: Failure | null = null
  for (const item of itemsOf(page, schema)) {
    const row = read(item)
    if (Array.isArray(row)) table.push(row)
    else broken ??= row
  }
  return table.length === 0 ? (broken ?? NO_MATCH) : { kind: 'table', table: table.slice(0, rows) }
}
