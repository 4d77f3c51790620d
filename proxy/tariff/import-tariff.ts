import type { Country } from '../../shared/country.ts'
import { readCanadaAgreements } from './importers/canada-agreements.ts'
import { readCanadaRows } from './importers/canada-rows.ts'
import { importCanada } from './importers/canada.ts'
import { importChina } from './importers/china.ts'
import { importJapan } from './importers/japan.ts'
import { fingerprint, TariffImportError, type Publication, type SourceFile } from './importers/source-file.ts'
import { importUnitedStates } from './importers/united-states.ts'
import type { TariffPack } from './pack.ts'

type Importer = (files: readonly SourceFile[], publication: Publication) => Promise<TariffPack> | TariffPack

const IMPORTERS: Readonly<Record<Country, Importer>> = {
  CA: async (files, publication) => {
    // The table may come with the list of other agreements' rates beside it.
    const [table] = files.filter((file) => !/\.json$/iu.test(file.name))
    const list = files.find((file) => /\.json$/iu.test(file.name))
    if (!table) throw noFile('an Access file (.accdb, .mdb), a CSV export of its table TPHS or a SQLite copy (.db)')
    const agreements = list ? readCanadaAgreements(list) : null
    const used = list ? [table, list] : [table]
    return importCanada({ rows: await readCanadaRows(table), agreements, files: fingerprint(used, '*') }, publication)
  },
  US: (files, publication) =>
    importUnitedStates(only(files, /\.(?:csv|json)$/iu, 'the CSV or JSON export'), publication),
  CN: (files, publication) => importChina(only(files, /\.csv$/iu, 'a CSV file'), publication),
  JP: (files, publication) => {
    const chapters = files.filter((file) => /_tariff_data\.json$/iu.test(file.name))
    if (chapters.length === 0) throw noFile('a folder of chapters named j_01_tariff_data.json and so on')
    return importJapan(chapters, publication)
  },
}

/** Countries whose publishers' files can be read. */
export const IMPORTABLE_COUNTRIES: readonly Country[] = Object.keys(IMPORTERS)

/** Reads a publisher's files as a pack with the official texts.
 * @param files in any order; those the country's importer has no use for are passed over.
 * @throws {TariffImportError} when they are not the country's tariff. */
export async function importTariff(
  country: Country,
  files: readonly SourceFile[],
  publication: Publication,
): Promise<TariffPack> {
  const importer = IMPORTERS[country]
  if (!importer) {
    throw new TariffImportError(
      'country-unknown',
      `The tariff of ${country} cannot be imported; ${IMPORTABLE_COUNTRIES.join(', ')} can.`,
    )
  }
  return importer(files, publication)
}

/** The pack without official texts: facts only, as committed. */
export function withoutTexts(pack: TariffPack): TariffPack {
  return { ...pack, lines: pack.lines.map((line) => ({ ...line, text: null })) }
}

function only(files: readonly SourceFile[], name: RegExp, wanted: string): SourceFile {
  const [file, ...others] = files.filter((candidate) => name.test(candidate.name))
  if (!file) throw noFile(wanted)
  if (others.length > 0) {
    throw new TariffImportError('source-format', `Give ${wanted} alone, not beside ${others[0]?.name ?? 'others'}.`)
  }
  return file
}

function noFile(wanted: string): TariffImportError {
  return new TariffImportError('source-format', `No file of this tariff there: give ${wanted}.`)
}
