/// <reference types="google-apps-script" />
import { failure, sentence } from '../shared/error-codes.ts'
import { spreadsheetLanguage } from './spreadsheet-language.ts'

/** Menus and the sidebar come from a screen, a formula does not: one that calls what is meant for them shows the refusal in its cell. */
export function userInterface(): GoogleAppsScript.Base.Ui {
  try {
    return SpreadsheetApp.getUi()
  } catch {
    const language = spreadsheetLanguage(SpreadsheetApp.getActiveSpreadsheet())
    throw new Error(sentence(failure('not-for-a-cell'), language))
  }
}
