import { beforeEach, expect, test } from 'vitest'
import { bundleCode } from '../../sheets-addon/build.ts'
import { createAppsScript, type AppsScript, type AppsScriptOptions } from '../hosts/apps-script/apps-script.ts'
import type { Spreadsheet } from '../hosts/apps-script/spreadsheet-state.ts'
import { doorOf, OWNER } from './sheets-house.ts'

const code = await bundleCode('https://hs.example.com')

let world: AppsScript
let spreadsheet: Spreadsheet
let door: ReturnType<typeof doorOf>
beforeEach(() => open())

async function open(options?: AppsScriptOptions): Promise<void> {
  world = createAppsScript(options)
  await world.load(code)
  spreadsheet = world.spreadsheet({ owner: OWNER })
  door = doorOf(world, OWNER, spreadsheet)
}

const readings = (): number =>
  ['getProperty', 'getProperties', 'getKeys'].reduce(
    (sum, name) => sum + (world.calls.get(`Properties.${name}`) ?? 0),
    0,
  )

test('a text of any length and in any writing comes back as it was kept, shorter ones after longer ones too', async () => {
  for (const text of ['手机壳 🧤 \ud83e'.repeat(9000), 'short', '', '"quoted"\n'.repeat(3000)]) {
    await door('keep', { name: 'frozen', text })
    expect(await door('kept', 'frozen')).toBe(text)
  }
  await door('keep', { name: 'frozen', text: null })
  expect(await door('kept', 'frozen')).toBeNull()
  expect(world.properties.document(spreadsheet.id).size).toBe(0)
})

test('however many parts a text has, it is read in one of the day’s readings', async () => {
  await door('keep', { name: 'frozen', text: 'x'.repeat(100_000) })
  for (const name of ['run', 'progress', 'country']) await door('keepSmall', { name, text: 'y'.repeat(20_000) })
  const before = readings()
  await door('kept', 'frozen')
  expect(readings() - before).toBe(1)
  const { small } = await door('begin', null)
  expect(Object.keys(small).sort()).toEqual(['country', 'progress', 'run'])
  // The rest is the language, the token, the pairing and the spreadsheet's own connection.
  expect(readings() - before - 1).toBeLessThanOrEqual(5)
})

test('where Google keeps no more, each is told what makes room for it, and what was kept stays', async () => {
  await door('keep', { name: 'frozen', text: 'x'.repeat(1000) })
  await expect(door('keep', { name: 'frozen', text: 'x'.repeat(600_000) })).rejects.toThrow(/^TC-184 .*frozen formulas/)
  await expect(door('keepSmall', { name: 'run', text: 'x'.repeat(600_000) })).rejects.toThrow(/^TC-187 .*for you/)
  expect(await door('kept', 'frozen')).toBe('x'.repeat(1000))
})

test('what Google refuses for another reason is not said to be a lack of room', async () => {
  await open({ quotas: { properties: 1 } })
  await expect(door('keep', { name: 'frozen', text: 'x' })).rejects.toThrow('Service invoked too many times')
})
