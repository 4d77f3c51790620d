import type { PackAbout, PackLine, TariffPack } from '../../../proxy/tariff/pack.ts'

export const ABOUT: PackAbout = {
  country: 'CA',
  edition: 'T1',
  effectiveFrom: '2026-01-01',
  source: 'A tariff',
  sourceFiles: [{ name: 'tariff.csv', sha256: 'a'.repeat(64) }],
  retrieved: '2026-02-03',
  notes: ['A caveat.'],
}

/** A pack with treatments MFN and UST from `code: [MFN, UST, unit]`, all printed. */
export function makePack(
  rows: Record<string, readonly [mfn?: string, ust?: string, unit?: string]>,
  about: Partial<PackAbout> = {},
): TariffPack {
  const lines = Object.entries(rows).map(([code, [mfn = '', ust = '', unit]]): PackLine => ({
    code,
    units: unit === undefined ? [] : unit.split('|'),
    rates: [mfn, ust],
    isImplied: false,
    isEmpty: false,
    text: null,
  }))
  return {
    about: { ...ABOUT, ...about },
    treatments: [
      { id: 'MFN', column: 'MFN' },
      { id: 'UST', column: 'United States Tariff' },
    ],
    lines,
  }
}
