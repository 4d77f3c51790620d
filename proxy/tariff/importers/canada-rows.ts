import MDBReader from 'mdb-reader'

import { openSqlite } from '../../sqlite.ts'
import { csvOf, TariffImportError, type SourceFile } from './source-file.ts'

/** A row of the Canadian tariff as a table holds it: column name → value. Where it lies is the source's business. */
export type CanadaRow = Readonly<Record<string, unknown>>

/** The table of the CBSA's Access file. */
const ACCESS_TABLE = 'TPHS'
/** The table of a SQLite copy of it. */
const SQLITE_TABLE = 'ca_tariff'

/** Rows of the Customs Tariff from whichever form it was given in: the CBSA's Access file (.accdb, .mdb), a CSV export of its
 * table, or a SQLite copy (.db). The Access branch follows mdb-reader's documentation and has not met a real file yet.
 * @throws {TariffImportError} when the file holds no such table. */
export async function readCanadaRows(file: SourceFile): Promise<CanadaRow[]> {
  if (file.bytes.length === 0) throw new TariffImportError('source-empty', `${file.name} is empty: fetch it again.`)
  if (/\.(?:accdb|mdb)$/iu.test(file.name)) return rowsFromAccess(file)
  if (/\.(?:db|sqlite3?)$/iu.test(file.name)) return rowsFromSqlite(file)
  return csvOf(file, [])
}

function rowsFromAccess(file: SourceFile): CanadaRow[] {
  try {
    return new MDBReader(Buffer.from(file.bytes)).getTable(ACCESS_TABLE).getData()
  } catch (cause) {
    throw new TariffImportError('source-format', `${file.name} is not an Access file with a table ${ACCESS_TABLE}.`, {
      cause,
    })
  }
}

async function rowsFromSqlite(file: SourceFile): Promise<CanadaRow[]> {
  const database = await openSqlite(file.path, { readOnly: true })
  try {
    // "order by": a table without it may come in any order, and a pack must come out the same.
    return database.prepare(`select * from ${SQLITE_TABLE} order by digits`).all() as CanadaRow[]
  } catch (cause) {
    throw new TariffImportError('source-format', `${file.name} is not a SQLite file with a table ${SQLITE_TABLE}.`, {
      cause,
    })
  } finally {
    database.close()
  }
}
