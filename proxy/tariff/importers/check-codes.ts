import { TariffImportError } from './source-file.ts'

/** How much of the Harmonized System a tariff must hold to be taken for whole. */
export interface Coverage {
  chaptersMin: number
  subheadingsMin: number
}

/** HS 2022 has 96 chapters (77 is reserved) and 5,612 subheadings in use; the margin is for the next edition of the HS. */
export const WHOLE_TARIFF: Coverage = { chaptersMin: 96, subheadingsMin: 5_300 }

/** Refuses a tariff that was cut short: a file that ends early is valid in most formats.
 * @throws {TariffImportError} `source-incomplete` */
export function checkCoverage(codes: Iterable<string>, expected: Coverage): void {
  const chapters = new Set<string>()
  const subheadings = new Set<string>()
  for (const code of codes) {
    // 98 and 99 are national.
    if (code >= '98') continue
    chapters.add(code.slice(0, 2))
    if (code.length >= 6) subheadings.add(code.slice(0, 6))
  }
  if (chapters.size < expected.chaptersMin || subheadings.size < expected.subheadingsMin) {
    throw new TariffImportError(
      'source-incomplete',
      `The source holds ${chapters.size} chapters and ${subheadings.size} subheadings; a whole tariff has at least ` +
        `${expected.chaptersMin} and ${expected.subheadingsMin}. It was probably cut short: fetch it again.`,
    )
  }
}

/** @throws {TariffImportError} `source-code` when a code stands for two lines. */
export function checkUnique(codes: Iterable<string>): void {
  const seen = new Set<string>()
  for (const code of codes) {
    if (seen.has(code)) throw new TariffImportError('source-code', `The source holds ${code} twice.`)
    seen.add(code)
  }
}
