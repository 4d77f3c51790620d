import { join } from 'node:path'

import { importTariff, withoutTexts } from './import-tariff.ts'
import type { Publication } from './importers/source-file.ts'
import { packFileName, writePack } from './pack.ts'
import { readSources } from './read-sources.ts'

interface BuiltIn {
  country: string
  /** Below the data folder. */
  files: string[]
  publication: Publication
}

/** The editions in the repository. `retrieved` is the day the files were copied from their source. */
const BUILT_IN: readonly BuiltIn[] = [
  {
    country: 'CA',
    files: ['tariffs/canada/ca_tariff.db', 'tariffs/canada/resilience_hq_tariff.json'],
    publication: { edition: 'T2026-0', effectiveFrom: '2026-01-01', retrieved: '2026-05-23' },
  },
  {
    country: 'CN',
    files: ['tariffs/china/hs_codes_fixed.csv'],
    publication: {
      edition: '2026',
      effectiveFrom: '2026-01-01',
      retrieved: '2026-03-24',
      notes: ['The source does not name its edition; the number of its 8-digit items is that of the 2026 tariff.'],
    },
  },
  {
    country: 'JP',
    files: ['tariffs/japan'],
    publication: { edition: '2026-07-09', effectiveFrom: '2026-07-09', retrieved: '2026-07-12' },
  },
  {
    country: 'US',
    files: ['tariffs/us/hts_2026_revision_4_csv.csv'],
    // The file does not say from when: the USITC's archive of revisions dates Revision 4 so.
    publication: {
      edition: 'HTS 2026 Rev 4',
      effectiveFrom: '2026-02-25',
      retrieved: '2026-04-20',
      notes: ['Revision 5 followed on 2026-04-08: import the current revision for declarations.'],
    },
  },
]

/** Makes the packs of the repository from the data folder, byte for byte the same each time.
 * @returns file name → text. */
export async function buildPacks(dataFolder: string): Promise<Map<string, string>> {
  const packs = new Map<string, string>()
  for (const { country, files, publication } of BUILT_IN) {
    const sources = (await Promise.all(files.map((file) => readSources(join(dataFolder, file))))).flat()
    const pack = withoutTexts(await importTariff(country, sources, publication))
    packs.set(packFileName(pack.about), writePack(pack))
  }
  return packs
}
