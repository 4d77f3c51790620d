import type { Publication, SourceFile } from '../../../../proxy/tariff/importers/source-file.ts'
import { TariffImportError } from '../../../../proxy/tariff/importers/source-file.ts'
import type { TariffPack } from '../../../../proxy/tariff/pack.ts'

export const PUBLICATION: Publication = { edition: 'E1', effectiveFrom: '2026-01-01', retrieved: '2026-02-03' }

/** A made-up source need not hold the whole of the HS. */
export const ANY_COVERAGE = { chaptersMin: 1, subheadingsMin: 1 }

export function sourceFile(name: string, content: string | Uint8Array): SourceFile {
  return { name, path: name, bytes: Buffer.from(content) }
}

/** The code of the import error a source is refused with. */
export async function refusalOf(read: () => unknown): Promise<string> {
  try {
    await read()
  } catch (error) {
    if (error instanceof TariffImportError) return error.code
    throw error
  }
  return 'accepted'
}

/** What lines print, by code: treatment → text, blanks left out. */
export function printed(pack: TariffPack): Record<string, Record<string, string>> {
  return Object.fromEntries(
    pack.lines.map((line) => [
      line.code,
      Object.fromEntries(
        pack.treatments.flatMap(({ id }, column) => (line.rates[column] ? [[id, line.rates[column]]] : [])),
      ),
    ]),
  )
}
