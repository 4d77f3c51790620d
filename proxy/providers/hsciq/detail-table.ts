/** HSDETAIL: what customs asks for a code, as rows of section, key, value. Every rate column stands under `taxes` by HSCIQ's own name. */
import type { DetailAsk, DetailSection } from '../../../shared/ask.ts'
import { DETAIL_SECTIONS } from '../../../shared/ask.ts'
import type { Language } from '../../../shared/language.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { cleanText } from '../clean-text.ts'
import type { Reply } from '../provider.ts'
import { controlItem, elementItem, keyedItem, rebateItem, type CodeDetail } from './schema.ts'
import { NO_MATCH, readItems } from './to-answer.ts'

type Row = readonly [key: string, value: string]

const REQUIRED: Record<Language, string> = { en: ' (required)', zh: '（必填）', fr: ' (obligatoire)' }

export function toDetailTable(detail: CodeDetail, ask: DetailAsk): Reply {
  const sections = ask.section === null ? DETAIL_SECTIONS : [ask.section]
  const table = sections.flatMap((section) =>
    rowsOf(detail, section, ask.options.lang ?? 'en')
      .filter(([, value]) => value !== '')
      .map(([key, value]): Cell[] => [section, key, value]),
  )
  return table.length === 0 ? NO_MATCH : { kind: 'table', table: table.slice(0, ask.options.n) }
}

function rowsOf(detail: CodeDetail, section: DetailSection, language: Language): Row[] {
  const { Cn, Jp, Us } = detail.Extensions ?? {}
  switch (section) {
    case 'elements':
      return keyedRows(Cn?.Reporting, REQUIRED[language])
    case 'regulatory':
      return dictionaryRows(Cn?.Regulatory)
    case 'inspection':
      return dictionaryRows(Cn?.Inspect)
    case 'ciq':
      return keyedRows(Cn?.Ciqs)
    case 'rebate':
      return readItems(Cn?.ExportRebateCodes, rebateItem).map((item) => [
        cleanText(item.Id),
        joined([item.Name, item.Rate], ' '),
      ])
    case 'taxes':
      return dictionaryRows(detail.Taxes)
    case 'agreements':
      return [
        ...dictionaryRows(Cn?.Ct),
        ...dictionaryRows(Cn?.Rcep).map(([key, value]): Row => [cleanText(`RCEP ${key}`), value]),
        ...dictionaryRows(Jp?.AgreementRates),
      ]
    case 'notes':
      return [
        ...keyedRows(Cn?.HSMap),
        ['Remark', cleanText(detail.Remark)],
        ['QuotaQuantity', cleanText(Us?.QuotaQuantity)],
        ['AdditionalDuties', cleanText(Us?.AdditionalDuties)],
      ]
    case 'controls':
      return readItems(Cn?.RegulatoryCodes, controlItem).map((item) => {
        const elements = readItems(item.ReportingElements, elementItem)
          .toSorted((a, b) => Number(a.Elementorder) - Number(b.Elementorder))
          .map(({ Elementname }) => Elementname)
        const about = [item.Name, item.Mofcomcode, item.Iemark, item.Reportingcategorycode]
        return [cleanText(item.Code), joined([...about, joined(elements, ', ')], '; ')]
      })
  }
}

function keyedRows(items: readonly unknown[] | null | undefined, required = ''): Row[] {
  return readItems(items, keyedItem).map(({ Key, Value, IsRequired }) => {
    const value = cleanText(Value)
    return [cleanText(Key), value !== '' && IsRequired === true ? cleanText(value + required) : value]
  })
}

function dictionaryRows(dictionary: Readonly<Record<string, unknown>> | null | undefined): Row[] {
  return Object.entries(dictionary ?? {}).map(([key, value]) => [cleanText(key), cleanText(value)])
}

/** Cleaned once more: parts that are short enough may be too long together. */
function joined(parts: readonly unknown[], by: string): string {
  return cleanText(
    parts
      .map(cleanText)
      .filter((text) => text !== '')
      .join(by),
  )
}
