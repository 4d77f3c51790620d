import { arrangeLines, collapse, type DraftLine } from '../arrange-lines.ts'
import { NOT_KNOWN, type PackTreatment, type TariffPack } from '../pack.ts'
import { checkCoverage, checkUnique, WHOLE_TARIFF } from './check-codes.ts'
import { csvOf, fingerprint, TariffImportError, type Publication, type SourceFile } from './source-file.ts'

const COLUMNS = [
  { treatment: 'MFN', column: '最惠国税率', field: 'mfn_rate' },
  { treatment: 'GEN', column: '普通税率', field: 'general_rate' },
  { treatment: 'PROV', column: '暂定税率', field: 'tentative_rate' },
  { treatment: 'VAT', column: '增值税率', field: 'vat_rate' },
  { treatment: 'CT', column: '消费税率', field: 'consumption_rate' },
] as const

/**
 * Goods that China charges by quantity, or by quantity and value: frozen chicken and gizzards, beer, crude oil, film, cotton,
 * video recorders; cigarettes for the consumption tax. The source has room for a percentage only and says 0 there, so its zero is
 * not believed on these.
 */
const DUTY_BY_QUANTITY = ['020712', '020714', '05040021', '2203', '2709', '3702', '5201', '852110']
const TAX_BY_QUANTITY = ['240220', '240290']

const NOTES = [
  'The source lists 10-digit lines only and gives every rate as a fraction of value. It is printed as a percentage; a printed zero is "0%".',
  'Where duty or consumption tax depends on quantity the source has no rate: "?" means not known. Spirits (2208) pay a tax by quantity beside the percentage given.',
  'In-quota and out-of-quota rates of a tariff item stand on its 10-digit lines.',
  'Agreement rates and units are not in the source.',
]

/** Reads the Chinese tariff from a CSV of 10-digit lines with rates as fractions.
 * Columns: hs_code, standard_name, mfn_rate, general_rate, tentative_rate, vat_rate, consumption_rate.
 * @throws {TariffImportError} when the file is not that tariff, or not the whole of it. */
export function importChina(file: SourceFile, publication: Publication, coverage = WHOLE_TARIFF): TariffPack {
  const fields = COLUMNS.map((column) => column.field)
  const lines = csvOf(file, ['hs_code', 'standard_name', ...fields]).map((row): DraftLine => {
    const code = row['hs_code'] ?? ''
    if (!/^\d{10}$/u.test(code)) {
      throw new TariffImportError(
        'source-code',
        `"${code}" is not a code of 10 digits: a spreadsheet may have cut its zeros.`,
      )
    }
    const rates = fields.map((field) => rateText(percentOf(row[field] ?? '', code), field, code))
    return { code, units: [], rates, text: collapse(row['standard_name'] ?? '') || null }
  })
  const codes = lines.map((line) => line.code)
  checkUnique(codes)
  checkCoverage(codes, coverage)
  const treatments = COLUMNS.map(({ treatment, column }): PackTreatment => ({ id: treatment, column }))
  const about = {
    country: 'CN',
    ...publication,
    source: 'Customs Tariff of China, as listed for declarations',
    sourceFiles: fingerprint([file], '*.csv'),
    notes: [...NOTES, ...(publication.notes ?? [])],
  }
  return { about, treatments, lines: arrangeLines(lines, 8) }
}

function rateText(percent: string, field: (typeof COLUMNS)[number]['field'], code: string): string {
  const isZero = percent === '0%'
  const startsCode = (prefix: string) => code.startsWith(prefix)
  switch (field) {
    case 'mfn_rate':
    case 'general_rate':
    case 'tentative_rate':
      return isZero && DUTY_BY_QUANTITY.some(startsCode) ? NOT_KNOWN : percent
    case 'consumption_rate':
      // China's percentages of this tax are whole: 1.52% on petrol is 1.52 yuan a litre.
      return percent.includes('.') || (isZero && TAX_BY_QUANTITY.some(startsCode)) ? NOT_KNOWN : percent
    case 'vat_rate':
      return percent
  }
}

/** `0.065` → `6.5%`, by moving the point: 0.07 × 100 is 7.000000000000001 in floating point. */
function percentOf(fraction: string, code: string): string {
  const text = fraction.trim()
  if (text === '') return ''
  const match = /^(?<whole>\d+)(?:\.(?<decimals>\d+))?$/u.exec(text)
  if (!match)
    throw new TariffImportError('source-format', `"${text}" at ${code} is not a fraction of value such as 0.065.`)
  const { whole = '', decimals = '' } = match.groups ?? {}
  const padded = decimals.padEnd(2, '0')
  const percent = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/u, '')
  const rest = padded.slice(2).replace(/0+$/u, '')
  return rest === '' ? `${percent}%` : `${percent}.${rest}%`
}
