import { parse } from 'acorn'
import { expect, test } from 'vitest'
import { bundleCode, printAppsScriptManifest } from '../../sheets-addon/build.ts'
import { FUNCTION_NAMES } from '../../shared/functions.ts'
import { createAppsScript } from '../hosts/apps-script/apps-script.ts'

const code = await bundleCode('https://hs.example.com')

test('Apps Script parses it: a classic script of ES2019', () => {
  expect(() => parse(code, { ecmaVersion: 2019, sourceType: 'script' })).not.toThrow()
  // What the gate is for.
  expect(() => parse('class A { #x = 1 }', { ecmaVersion: 2019, sourceType: 'script' })).toThrow()
})

test('it loads without touching a service, in which mode ever', async () => {
  const world = createAppsScript()
  await world.load(code)
  await expect(world.load(`${code};SpreadsheetApp.getActiveSpreadsheet()`)).rejects.toThrow()
})

test('what a cell can call is a closed list: the catalogue, what Google and the menu call, and one door', async () => {
  const world = createAppsScript()
  await world.load(code)
  expect([...world.functions].sort()).toEqual([...FUNCTION_NAMES, 'onInstall', 'onOpen', 'paneCall', 'showPane'].sort())
})

test('every function says in its own help what each argument is, and which may be left out', () => {
  for (const name of FUNCTION_NAMES)
    expect(code).toMatch(new RegExp(` \\* @customfunction\n \\*/\nfunction ${name}\\(`))
  expect(code).toContain(' * @param {A2} description What the goods are')
  expect(code).toContain(' * @param {"CA"} country Optional. Country of import')
})

test('it asks for three scopes, and reaches one address', () => {
  expect(JSON.parse(printAppsScriptManifest('https://hs.example.com'))).toMatchObject({
    runtimeVersion: 'V8',
    oauthScopes: [
      'https://www.googleapis.com/auth/spreadsheets.currentonly',
      'https://www.googleapis.com/auth/script.external_request',
      'https://www.googleapis.com/auth/script.container.ui',
    ],
    urlFetchWhitelist: ['https://hs.example.com/'],
  })
})
