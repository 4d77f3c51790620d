/** The tables of a SQLite database, as its schema tells them, and whether a PostgreSQL has the same. */
import type { Rows } from '../database.ts'
import { refuse } from './workspaces.ts'

export interface Table {
  name: string
  columns: string[]
}

// Each database keeps its own.
const NOT_DATA = new Set(['migration', 'moved'])

/**
 * @returns parents before the tables that point to them.
 * @throws {FailureError} when the two do not have the same tables with the same columns: then something would be left behind.
 */
export async function readTables(source: Rows, target: Rows): Promise<Table[]> {
  const names = await source.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
  )
  const tables: (Table & { parents: string[] })[] = []
  for (const { name } of names) {
    if (NOT_DATA.has(name)) continue
    const columns = await source.all<{ name: string }>('SELECT name FROM pragma_table_info($1) ORDER BY cid', [name])
    const parents = await source.all<{ parent: string }>(
      'SELECT DISTINCT "table" AS parent FROM pragma_foreign_key_list($1)',
      [name],
    )
    tables.push({ name, columns: columns.map((column) => column.name), parents: parents.map(({ parent }) => parent) })
  }
  await compareSchemas(tables, target)
  return parentsFirst(tables)
}

async function compareSchemas(tables: readonly Table[], target: Rows): Promise<void> {
  const columns = await target.all<{ table: string; column: string }>(
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     WHERE table_schema = current_schema() ORDER BY table_name, column_name`,
  )
  const there = columns.filter(({ table }) => !NOT_DATA.has(table)).map(({ table, column }) => `${table}.${column}`)
  const here = tables.flatMap(({ name, columns: own }) => own.map((column) => `${name}.${column}`))
  const different = [...here.filter((one) => !there.includes(one)), ...there.filter((one) => !here.includes(one))]
  if (different.length > 0) throw refuse(`Not on both databases: ${different.join(', ')}. Nothing was moved.`)
}

function parentsFirst(tables: readonly (Table & { parents: string[] })[]): Table[] {
  const placed: Table[] = []
  const left = new Map(tables.map((table) => [table.name, table]))
  while (left.size > 0) {
    const next = [...left.values()].find(({ name, parents }) =>
      parents.every((parent) => parent === name || !left.has(parent)),
    )
    if (!next) throw refuse(`Tables that point to each other: ${[...left.keys()].join(', ')}. Nothing was moved.`)
    placed.push(next)
    left.delete(next.name)
  }
  return placed
}
