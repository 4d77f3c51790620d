/// <reference types="google-apps-script" />
/** The add-on's menu. It is built in modes that allow nothing else: a static list, with labels by the person's locale. */
import { isLanguage, type Language, type Localised } from '../shared/language.ts'
import { userInterface } from './user-interface.ts'

const OPEN: Localised = { en: 'Open', zh: '打开', fr: 'Ouvrir' }

export function onOpen(): void {
  userInterface().createAddonMenu().addItem(OPEN[userLanguage()], 'showPane').addToUi()
}

export function onInstall(): void {
  onOpen()
}

export function showPane(): void {
  const ui = userInterface()
  ui.showSidebar(HtmlService.createHtmlOutputFromFile('sidebar').setTitle('Tariffcell'))
}

function userLanguage(): Language {
  const language = Session.getActiveUserLocale().slice(0, 2)
  return isLanguage(language) ? language : 'en'
}
