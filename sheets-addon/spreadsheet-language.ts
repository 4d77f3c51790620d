/// <reference types="google-apps-script" />
import { isLanguage, type Language } from '../shared/language.ts'

/** What a formula shows is read by everybody who opens the spreadsheet: its language is the spreadsheet's, not one person's. */
export function spreadsheetLanguage(spreadsheet: GoogleAppsScript.Spreadsheet.Spreadsheet): Language {
  const language = spreadsheet.getSpreadsheetLocale().slice(0, 2)
  return isLanguage(language) ? language : 'en'
}
