import * as z from 'zod/mini'

import { NOT_KNOWN, type PackTreatment } from '../pack.ts'
import { jsonOf, TariffImportError, type SourceFile } from './source-file.ts'

/** Agreements taken from the secondary list, in the CBSA's column order, with the list's field. */
const AGREEMENTS = [
  { treatment: 'CEUT', column: 'CEUT', field: 'eu' },
  { treatment: 'CPTPT', column: 'CPTPT', field: 'cp' },
  { treatment: 'UKT', column: 'UKT', field: 'uk' },
  { treatment: 'KRT', column: 'KRT', field: 'kr' },
] as const

/**
 * The list's `jp` field is left out: it is no CPTPP rate for Japan. It is 0 on 112 items whose `cp` is staged or missing, though
 * the agreement has one schedule for all, so it is most likely the column JT, which is Jordan's.
 */
const RATE_FIELDS = ['us', 'mx', 'eu', 'cp', 'uk', 'jp', 'kr'] as const

const rate = z.nullish(z.number())
const listSchema = z.array(
  z.object({
    h: z.string().check(z.regex(/^\d{4}\.\d{2}\.\d{2}\.\d{2}$/u)),
    us: rate,
    mx: rate,
    eu: rate,
    cp: rate,
    uk: rate,
    jp: rate,
    kr: rate,
  }),
)

type ListRow = z.infer<typeof listSchema>[number]

export interface CanadaAgreements {
  treatments: PackTreatment[]
  /** Texts of the agreements for a tariff item, NOT_KNOWN where the list cannot be believed.
   * @param item 8 digits, with the rates the CBSA prints on it. */
  ratesOf: (item: { code: string; mfn: string; ust: string }) => string[]
  /** Of a line that is no tariff item. */
  blank: string[]
}

/**
 * Rates of other agreements from a secondary list of 10-digit rows with numeric percentages (h, us, mx, eu, cp, uk, jp, kr; read
 * 2026-04). It was made by a program that lost texts, so it is believed only as far as it can be checked:
 * - every 10-digit row under the item states rates, all the same, and the United States' one equals the CBSA's UST;
 * - a zero is "Free";
 * - a number is a percentage only beside an MFN that is one: "$38.72/tonne plus 2.5 %" became 2.5 in the list;
 * - a rate left out means "not listed" only beside an MFN that is a percentage or free: the list dropped texts like "$139.83/tonne".
 * @throws {TariffImportError} when the file is not that list. */
export function readCanadaAgreements(file: SourceFile): CanadaAgreements {
  const parsed = listSchema.safeParse(jsonOf(file))
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'the top'
    throw new TariffImportError(
      'source-columns',
      `${file.name} is not the list of agreement rates: it fails at ${where}.`,
    )
  }
  const rowsByItem = new Map<string, ListRow[]>()
  for (const row of parsed.data) {
    const item = row.h.replaceAll('.', '').slice(0, 8)
    rowsByItem.set(item, [...(rowsByItem.get(item) ?? []), row])
  }
  return {
    treatments: AGREEMENTS.map(({ treatment, column }) => ({ id: treatment, column })),
    blank: AGREEMENTS.map(() => ''),
    ratesOf: ({ code, mfn, ust }) => {
      const row = believableRow(rowsByItem.get(code) ?? [], ust)
      return AGREEMENTS.map(({ field }) => (row ? rateText(row[field] ?? null, mfn) : NOT_KNOWN))
    },
  }
}

/** The row all rows of an item agree on, when it also agrees with what the CBSA prints for the United States. */
function believableRow(rows: readonly ListRow[], ust: string): ListRow | null {
  const [first, ...others] = rows
  if (!first || !others.every((row) => RATE_FIELDS.every((field) => row[field] === first[field]))) return null
  const printed = ust === 'Free' ? 0 : percentage(ust)
  return printed !== null && first.us === printed ? first : null
}

function rateText(rate: number | null, mfn: string): string {
  if (rate === 0) return 'Free'
  const isMfnPlain = mfn === 'Free' || percentage(mfn) !== null
  if (!isMfnPlain) return NOT_KNOWN
  return rate === null ? '' : `${rate}%`
}

/** `6.5 %` → 6.5; null for anything but a plain percentage. */
function percentage(text: string): number | null {
  const match = /^(?<number>\d+(?:\.\d+)?) ?%$/u.exec(text)
  return match?.groups?.['number'] === undefined ? null : Number(match.groups['number'])
}
