import { describe, expect, test } from 'vitest'
import { openScriptHouse, OWNER, refusal } from './script-house.ts'
import type { Mode } from './service.ts'

const MODES: Mode[] = ['NONE', 'LIMITED', 'CUSTOM_FUNCTION', 'FULL']

/** Source: developers.google.com/workspace/add-ons/concepts/editor-auth-lifecycle */
const MATRIX: [what: string, lines: string, allowed: Mode[]][] = [
  ['reads the document', 'SpreadsheetApp.getActiveSpreadsheet().getId()', ['LIMITED', 'CUSTOM_FUNCTION', 'FULL']],
  ['writes into the document', 'SpreadsheetApp.getActiveSheet().getRange(1, 1).setValue(1)', ['LIMITED', 'FULL']],
  [
    'adds a menu',
    'SpreadsheetApp.getUi().createAddonMenu().addItem("Open", "run").addToUi()',
    ['NONE', 'LIMITED', 'FULL'],
  ],
  ['opens a sidebar', 'SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput("x"))', ['FULL']],
  [
    'reads properties of the script',
    'PropertiesService.getScriptProperties().getProperty("k")',
    ['LIMITED', 'CUSTOM_FUNCTION', 'FULL'],
  ],
  [
    'reads properties of the document',
    'PropertiesService.getDocumentProperties().getProperty("k")',
    ['LIMITED', 'CUSTOM_FUNCTION', 'FULL'],
  ],
  ['writes properties of the user', 'PropertiesService.getUserProperties().setProperty("k", "v")', ['LIMITED', 'FULL']],
  ['uses a cache', 'CacheService.getDocumentCache().put("k", "v")', ['LIMITED', 'CUSTOM_FUNCTION', 'FULL']],
  ['takes a lock', 'LockService.getDocumentLock().tryLock(0)', ['LIMITED', 'CUSTOM_FUNCTION', 'FULL']],
  ['reads the locale', 'Session.getActiveUserLocale()', MODES],
  ['makes a digest', 'Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, "x")', MODES],
  ['asks for the e-mail address', 'Session.getActiveUser()', []],
  ['opens another spreadsheet', 'SpreadsheetApp.openById("x")', []],
]

describe('what a script may do in which mode', () => {
  const cells = MATRIX.flatMap(([what, lines, allowed]) =>
    MODES.map((mode) => ({ what, lines, mode, isAllowed: allowed.includes(mode) })),
  )
  test.each(cells)('$mode: $what is allowed: $isAllowed', async ({ lines, mode, isAllowed }) => {
    const { run } = openScriptHouse()
    const message = await refusal(run(lines, { mode }))
    if (isAllowed) expect(message).toBe('it was not refused')
    else
      expect(message).toMatch(
        /You do not have permission to call|Cannot call SpreadsheetApp\.getUi\(\) from this context/,
      )
  })

  test.each(MODES)('%s: a request leaves only from formulas and from what a person clicked', async (mode) => {
    const { world, run } = openScriptHouse({ manifest: { urlFetchWhitelist: ['https://api.example.com/'] } })
    world.web.trouble = () => ({ error: 'unavailable' })
    const message = await refusal(run('UrlFetchApp.fetch("https://api.example.com/v1")', { mode }))
    const isAllowed = mode === 'FULL' || mode === 'CUSTOM_FUNCTION'
    expect(message).toContain(
      isAllowed ? 'Address unavailable' : 'You do not have permission to call UrlFetchApp.fetch',
    )
    expect(world.web.sent).toHaveLength(isAllowed ? 1 : 0)
  })

  test('a scope the person did not agree to, or the manifest does not name, is missing by its name', async () => {
    const scope = 'https://www.googleapis.com/auth/script.external_request'
    const fetch = 'UrlFetchApp.fetch("https://api.example.com/")'
    const declined = openScriptHouse({ users: { [OWNER]: { declinedScopes: [scope] } } })
    expect(await refusal(declined.run(fetch))).toContain(`Required permissions: ${scope}`)
    const unnamed = openScriptHouse({ manifest: { oauthScopes: [] } })
    expect(await refusal(unnamed.run(fetch))).toContain(`Required permissions: ${scope}`)
  })
})
