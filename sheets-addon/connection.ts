/// <reference types="google-apps-script" />
/**
 * With what token this spreadsheet's formulas ask. It lies in the document's properties: a formula runs as nobody, reads the owner's
 * user properties, and has these alone in common for everybody who edits the spreadsheet. It may answer cells and nothing else, up
 * to its daily cap, and only in the spreadsheet it was made for.
 */
import * as z from 'zod/mini'
import { parseJson } from '../shared/parse-json.ts'
import { digest } from './digest.ts'

const sheetConnection = z.object({
  token: z.string(),
  /** The seat it is of. */
  seat: z.string(),
})
export type SheetConnection = z.infer<typeof sheetConnection>

const PROPERTY = 'tariffcell.sheet'
// Apart from the token: who changes one of them never writes an old token back.
const DATA_VERSION = 'tariffcell.data'
const FORGOTTEN = 'tariffcell.forgotten'

/** @returns null: formulas are not enabled in this spreadsheet. */
export function sheetConnectionOf(properties: GoogleAppsScript.Properties.Properties): SheetConnection | null {
  const parsed = z.safeParse(sheetConnection, parseJson(properties.getProperty(PROPERTY) ?? ''))
  return parsed.success ? parsed.data : null
}

export function keepSheetConnection(
  properties: GoogleAppsScript.Properties.Properties,
  connection: SheetConnection | null,
): void {
  if (connection) properties.setProperty(PROPERTY, JSON.stringify(connection))
  else properties.deleteProperty(PROPERTY)
}

/** Of which data the answers in the cache are, and from when on: others are not found. */
export function answersOf(properties: GoogleAppsScript.Properties.Properties): string {
  return [DATA_VERSION, FORGOTTEN].map((name) => properties.getProperty(name)).join(' ')
}

export function keepDataVersion(properties: GoogleAppsScript.Properties.Properties, dataVersion: string): void {
  properties.setProperty(DATA_VERSION, dataVersion)
}

/** A new name for what is kept: the document's cache cannot be emptied, and lets go of the rest within hours. */
export function forgetAnswers(properties: GoogleAppsScript.Properties.Properties, now: number): void {
  properties.setProperty(FORGOTTEN, String(now))
}

/** Which spreadsheet asks. The proxy compares it with the one that the token was made for, and never learns its id. */
export function spreadsheetMark(spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet): string {
  return digest(`tariffcell spreadsheet ${spreadsheet.getId()}`)
}
