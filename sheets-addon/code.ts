/// <reference types="google-apps-script" />
/** What the declarations of callable.ts call. Nothing here may touch a service while it loads: that breaks the menu. */
import './newer-builtins.ts'

export { answerFormula } from './answer-formula.ts'
export { paneCall } from './door.ts'
export { onInstall, onOpen, showPane } from './menu.ts'
