/// <reference types="google-apps-script" />
/**
 * With what token this spreadsheet's formulas ask. It lies in the document's properties: a formula runs as nobody, reads the owner's
 * user properties, and has these alone in common for everybody who edits the spreadsheet. It may answer cells and nothing else, up
 * to its daily cap, and only in the spreadsheet it was made for.
 */
import * as z from 'zod/mini'
import { parseJson } from '../shared/parse-json.ts'
import { attempt } from './answer-cache.ts'
import { digest } from './digest.ts'

const sheetConnection = z.object({
  token: z.string(),
  /** The seat it is of. */
  seat: z.string(),
})
export type SheetConnection = z.infer<typeof sheetConnection>

type Properties = GoogleAppsScript.Properties.Properties
type Cache = GoogleAppsScript.Cache.Cache

const PROPERTY = 'tariffcell.sheet'
// Apart from the token: who changes one of them never writes an old token back.
const DATA_VERSION = 'tariffcell.data'
const FORGOTTEN = 'tariffcell.forgotten'
/** In the document's cache. */
const READ = 'asking'
// A formula that reads while one of these changes may put the former one there.
const READ_SECONDS = 60

/** @returns null: formulas are not enabled in this spreadsheet. */
export function sheetConnectionOf(properties: Properties): SheetConnection | null {
  const parsed = z.safeParse(sheetConnection, parseJson(properties.getProperty(PROPERTY) ?? ''))
  return parsed.success ? parsed.data : null
}

export function keepSheetConnection(properties: Properties, connection: SheetConnection | null): void {
  if (connection) properties.setProperty(PROPERTY, JSON.stringify(connection))
  else properties.deleteProperty(PROPERTY)
  readAnew()
}

/** What formulas ask with, and under which name their answers are kept: of which data, and from when on. Others are not found. */
export interface Asking {
  connection: SheetConnection | null
  answersOf: string
}

/** Google counts readings of properties by the day, and a formula a cell makes thousands at once: they share one of a minute ago. */
export function askingOf(properties: Properties, cache: Cache): Asking {
  const kept = parseJson(attempt(() => cache.get(READ)) ?? '') as Asking | undefined
  if (kept) return kept
  const answersOf = [DATA_VERSION, FORGOTTEN].map((name) => properties.getProperty(name)).join(' ')
  const asking = { connection: sheetConnectionOf(properties), answersOf }
  if (asking.connection) attempt(() => cache.put(READ, JSON.stringify(asking), READ_SECONDS))
  return asking
}

export function keepDataVersion(properties: Properties, dataVersion: string): void {
  properties.setProperty(DATA_VERSION, dataVersion)
  readAnew()
}

/** A new name for what is kept: the document's cache cannot be emptied, and lets go of the rest within hours. */
export function forgetAnswers(properties: Properties, now: number): void {
  properties.setProperty(FORGOTTEN, String(now))
  readAnew()
}

function readAnew(): void {
  attempt(() => CacheService.getDocumentCache()?.remove(READ))
}

/** Which spreadsheet asks. The proxy compares it with the one that the token was made for, and never learns its id. */
export function spreadsheetMark(spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet): string {
  return digest(`tariffcell spreadsheet ${spreadsheet.getId()}`)
}
