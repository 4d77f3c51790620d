import { arrangeLines, collapse, type DraftLine } from '../arrange-lines.ts'
import type { PackSource, PackTreatment, TariffPack } from '../pack.ts'
import type { CanadaAgreements } from './canada-agreements.ts'
import type { CanadaRow } from './canada-rows.ts'
import { checkCoverage, checkUnique, WHOLE_TARIFF } from './check-codes.ts'
import { TariffImportError, type Publication } from './source-file.ts'

/** Names of the CBSA's table TPHS and of the SQLite copy, folded to lower case. */
const CODE = ['tariff']
const UNIT = ['uom']
const TEXTS = ['description', 'desc1', 'desc2', 'desc3']
const GENERAL = ['general tariff', 'general_rate', 'gt']
/** Treatment columns of TPHS beside the General Tariff, in its order. */
const TREATMENTS =
  'MFN AUT NZT CCCT LDCT GPT UST MXT CIAT CT CRT IT NT SLT PT COLT JT PAT HNT KRT CEUT UAT CPTPT UKT'.split(' ')

const NOTES = [
  'Rates stand on the 8-digit tariff item; a 10-digit line differs only where it carries one of its own.',
  'Within and over access commitment are two tariff items, not two rates of one.',
  'A few texts are cut short in the source and kept so: they stop in the middle of a unit or a figure.',
  'The unit "-" (none required) is left out.',
]
const NOTE_AGREEMENTS =
  'CEUT, CPTPT, UKT and KRT come from a secondary list of April 2026 and are given only where it can be checked against the UST rate; "?" means not known, a blank means not listed. The treatments of other agreements (GPT, LDCT and so on) are not in the sources.'

export interface CanadaSource {
  rows: readonly CanadaRow[]
  /** Null where the table has all treatments itself, or they are to be left out. */
  agreements: CanadaAgreements | null
  files: PackSource[]
}

/** Reads the Customs Tariff of Canada from rows of the CBSA's table.
 * @throws {TariffImportError} when the rows are not that tariff, or not the whole of it. */
export function importCanada(source: CanadaSource, publication: Publication, coverage = WHOLE_TARIFF): TariffPack {
  const columns = findColumns(source.rows[0])
  // The CBSA's own column comes before a list made from it.
  const hasOwn = columns.treatments.some((treatment) => treatment.id === 'CEUT')
  const agreements = hasOwn ? null : source.agreements
  const groupings = new Map<string, string>()
  const drafts: DraftLine[] = []
  for (const row of source.rows) {
    const code = textAt(row, columns.code).replaceAll('.', '')
    const text = collapse(columns.texts.map((column) => textAt(row, column)).join(' '))
    checkCode(code)
    // 5, 7 and 9 digits group lines for reading ("0101.2 Horses:"); they are no codes and carry no rate.
    if (code.length % 2 === 1) {
      groupings.set(code, text)
      continue
    }
    const rates = columns.treatments.map(({ column }) => textAt(row, column))
    const unit = textAt(row, columns.unit)
    drafts.push({ code, units: unit === '' || unit === '-' ? [] : [unit], rates, text: text || null })
  }
  const codes = drafts.map((line) => line.code)
  checkUnique(codes)
  checkCoverage(codes, coverage)

  const printed = new Set(codes)
  const ids = columns.treatments.map((treatment) => treatment.id)
  const lines = arrangeLines(drafts, 8).map((line) => ({
    ...line,
    rates: agreements ? [...line.rates, ...agreementRates(line, ids, agreements)] : line.rates,
    text: line.text === null ? null : groupedText(line.code, line.text, groupings, printed),
  }))
  const about = {
    country: 'CA',
    ...publication,
    source: 'CBSA Customs Tariff',
    sourceFiles: source.files,
    notes: [...NOTES, ...(agreements ? [NOTE_AGREEMENTS] : []), ...(publication.notes ?? [])],
  }
  const treatments = columns.treatments.map(({ id, heading }): PackTreatment => ({ id, column: heading }))
  return { about, treatments: [...treatments, ...(agreements?.treatments ?? [])], lines }
}

function agreementRates(
  line: { code: string; rates: readonly string[] },
  ids: readonly string[],
  agreements: CanadaAgreements,
): string[] {
  if (line.code.length !== 8) return agreements.blank
  const rate = (id: string) => line.rates[ids.indexOf(id)] ?? ''
  return agreements.ratesOf({ code: line.code, mfn: rate('MFN'), ust: rate('UST') })
}

/** The words of a line after those of the groupings between it and the next line above. */
function groupedText(
  code: string,
  text: string,
  groupings: ReadonlyMap<string, string>,
  printed: ReadonlySet<string>,
): string {
  const words = [text]
  for (let length = code.length - 1; length > 4 && !printed.has(code.slice(0, length)); length--) {
    words.unshift(groupings.get(code.slice(0, length)) ?? '')
  }
  return words.filter((word) => word !== '').join(' ')
}

interface Columns {
  code: string
  unit: string
  texts: string[]
  treatments: { id: string; heading: string; column: string }[]
}

function findColumns(row: CanadaRow | undefined): Columns {
  if (!row) throw new TariffImportError('source-empty', 'The Canadian tariff has no rows.')
  const byName = new Map(Object.keys(row).map((column) => [column.trim().toLowerCase(), column]))
  const find = (names: readonly string[]) =>
    names.map((name) => byName.get(name)).find((column) => column !== undefined)
  const code = find(CODE)
  const unit = find(UNIT)
  const general = find(GENERAL)
  const treatments = TREATMENTS.flatMap((id) => {
    const column = byName.get(id.toLowerCase())
    return column === undefined ? [] : [{ id, heading: id, column }]
  })
  if (code === undefined || unit === undefined || general === undefined || treatments[0]?.id !== 'MFN') {
    throw new TariffImportError(
      'source-columns',
      'This is not the Canadian tariff: it needs the columns TARIFF, UOM, MFN and General Tariff of the CBSA table TPHS.',
    )
  }
  // The General Tariff follows MFN, as in TPHS.
  treatments.splice(1, 0, { id: 'GT', heading: 'General Tariff', column: general })
  const texts = TEXTS.flatMap((name) => byName.get(name) ?? [])
  return { code, unit, texts, treatments }
}

function textAt(row: CanadaRow, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? collapse(value) : ''
}

function checkCode(code: string): void {
  if (!/^\d{4,10}$/u.test(code)) {
    throw new TariffImportError('source-code', `"${code}" is not a Canadian tariff number (4 to 10 digits).`)
  }
}
