/// <reference types="google-apps-script" />
import { failure, sentence } from '../shared/error-codes.ts'
import { spreadsheetLanguage } from './spreadsheet-language.ts'

/** Menus and the sidebar come from a screen, a formula does not: one that calls what is meant for them shows the refusal in its cell. */
export function userInterface(): GoogleAppsScript.Base.Ui {
  try {
    return SpreadsheetApp.getUi()
  } catch {
    // There is none where somebody runs it in the script editor.
    const spreadsheet = SpreadsheetApp.getActiveSpreadsheet() as GoogleAppsScript.Spreadsheet.Spreadsheet | null
    const language = spreadsheet ? spreadsheetLanguage(spreadsheet) : 'en'
    throw new Error(sentence(failure('not-for-a-cell'), language))
  }
}
