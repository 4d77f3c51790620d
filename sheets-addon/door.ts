/// <reference types="google-apps-script" />
/**
 * The one door through which the sidebar reaches what runs at Google. A formula cannot come in: it has no user interface to ask for.
 * What goes wrong for a person to know of comes back as a failure, because Google passes on nothing of an error but its text.
 */
import * as z from 'zod/mini'
import { failure, FailureError } from '../shared/error-codes.ts'
import { calculateAgain, forgetGone, formulasSchema, putBackMarked } from './calculate-again.ts'
import { CONNECTION_DEEDS } from './connection-deeds.ts'
import { forgetAnswers } from './connection.ts'
import type { Deeds, DoorReply } from './door-protocol.ts'
import { failedIn, sheetInUse } from './failed-formulas.ts'
import { follow, release, releaseForgotten, stillFollowed, whereIs } from './followed-places.ts'
import { keepText, keptText } from './kept-texts.ts'
import {
  assertMayWrite,
  blockSchema,
  columnSchema,
  goTo,
  insertFormula,
  read,
  readAsTheyStand,
  readSelection,
  restore,
  restoreSchema,
  write,
} from './sheet-deeds.ts'
import { placeSchema } from './sheet-places.ts'
import { taking } from './taking.ts'
import { userInterface } from './user-interface.ts'

declare const TARIFFCELL_DOOR: string

const text = z.string()
const keptSchema = z.object({ name: text, text: z.nullable(text) })
const documentTexts = (): GoogleAppsScript.Properties.Properties => PropertiesService.getDocumentProperties()

/** By name, what the sidebar may ask for. */
const DEEDS: { readonly [Name in keyof Deeds]: (given: unknown) => Deeds[Name][1] | void } = {
  ...CONNECTION_DEEDS,
  tidy() {
    putBackMarked(documentTexts())
    releaseForgotten(documentTexts())
  },
  forgetAnswers: () => forgetAnswers(documentTexts(), Date.now()),
  sheetInUse: () => sheetInUse(),
  failedIn: taking(placeSchema, (place) => failedIn(documentTexts(), place)),
  calculateAgain: taking(formulasSchema, (given) => calculateAgain(documentTexts(), given)),
  putBackMarked: () => putBackMarked(documentTexts()),
  forgetGone: () => forgetGone(documentTexts()),
  selection: () => readSelection(),
  read: taking(placeSchema, read),
  readAsTheyStand: taking(placeSchema, readAsTheyStand),
  assertMayWrite: taking(columnSchema, assertMayWrite),
  write: taking(blockSchema, write),
  restore: taking(restoreSchema, restore),
  follow: taking(placeSchema, (place) => follow(documentTexts(), place)),
  whereIs: taking(text, whereIs),
  stillFollowed: taking(z.array(text), (names) => stillFollowed(documentTexts(), names)),
  release: taking(text, (name) => release(documentTexts(), name)),
  goTo: taking(placeSchema, goTo),
  insertFormula: taking(text, insertFormula),
  kept: taking(text, (name) => keptText(documentTexts(), name)),
  // The list of frozen formulas is all that the pane keeps here.
  keep: taking(keptSchema, ({ name, text }) => keepText(documentTexts(), name, text, 'frozen-full')),
}

/** @param version of the sidebar's side of the door. @throws {Error} where no sidebar calls. */
export function paneCall(deed: unknown, given: unknown, version: unknown): DoorReply {
  userInterface()
  // Not what seems to be the same deed: it may have come to mean another thing.
  if (version !== TARIFFCELL_DOOR) return { failure: failure('sidebar-outdated') }
  const run = typeof deed === 'string' && Object.hasOwn(DEEDS, deed) ? DEEDS[deed as keyof Deeds] : undefined
  if (!run) throw new Error('There is no such thing to do.')
  try {
    return { value: run(given) ?? null }
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure }
    throw error
  }
}
