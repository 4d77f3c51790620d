import { describe, expect, test } from 'vitest'
import { createAppsScript, EXECUTIONS_PER_USER_MAX } from './apps-script.ts'
import { openScriptHouse, OWNER, refusal } from './script-house.ts'

const SERVICES = ['SpreadsheetApp', 'PropertiesService', 'CacheService', 'LockService', 'UrlFetchApp', 'HtmlService']

describe('loading', () => {
  test.each([
    [
      'a call',
      'var sheet = SpreadsheetApp.getActiveSpreadsheet(); function f() {}',
      'SpreadsheetApp.getActiveSpreadsheet',
    ],
    [
      'a look at a constant',
      'var kind = SpreadsheetApp.ProtectionType; function f() {}',
      'SpreadsheetApp.ProtectionType',
    ],
    [
      'a touch that is caught',
      'try { PropertiesService.getUserProperties() } catch (e) {}',
      'PropertiesService.getUserProperties',
    ],
    ['a line in the log', 'console.log("loaded")', 'console.log'],
  ])('%s while the script loads is told by its name', async (_, code, touched) => {
    expect(await refusal(createAppsScript().load(code))).toContain(`${touched} was touched while the script loads`)
  })

  test('a script that only declares loads, and tells what it declares at the top level', async () => {
    const world = createAppsScript()
    await world.load(
      'var app = (function () { function inside() {} return { inside: inside } })(); var later = function () {}; function HSCODE(a) { return a } function hidden_() {}',
    )
    expect([...world.functions]).toEqual(['HSCODE', 'hidden_'])
  })

  test('an error of syntax is told', async () => {
    expect(await refusal(createAppsScript().load('function ('))).toContain('SyntaxError')
  })
})

describe('an execution', () => {
  test('has the services and what the language has, and nothing of Node or of a browser', async () => {
    const { run } = openScriptHouse()
    const names = [
      'setTimeout',
      'fetch',
      'URL',
      'TextEncoder',
      'structuredClone',
      'crypto',
      'process',
      'Buffer',
      'require',
      'window',
      'contextSide',
    ]
    const look = (names: string[]): string => names.map((name) => `typeof ${name}`).join(', ')
    expect(await run(`return [${look(names)}]`)).toEqual(names.map(() => 'undefined'))
    expect(await run(`return [${look(SERVICES)}]`)).toEqual(SERVICES.map(() => 'object'))
  })

  test('begins with fresh globals each time', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load('var count = 0; function next() { return ++count }')
    const call = { user: OWNER, spreadsheet, mode: 'FULL', fn: 'next' } as const
    expect([await world.execute(call), await world.execute(call)]).toEqual([1, 1])
  })

  test('values cross both ways as what they are in their own world', async () => {
    const { run } = openScriptHouse()
    const given = [['mug', 1.5, true, new Date('2026-01-02T00:00:00Z'), '', null]]
    const look =
      'return { same: a, isArray: a instanceof Array && a[0] instanceof Array, isDate: a[0][3] instanceof Date }'
    expect(await run(look, { args: [given] })).toEqual({ same: given, isArray: true, isDate: true })
  })

  test('the clock of a script is the clock of the world', async () => {
    const { run } = openScriptHouse({ now: () => 1_000_000 })
    expect(
      await run(
        'var t = [Date.now(), new Date().getTime()]; Utilities.sleep(250); return t.concat(Date.now(), new Date(5).getTime())',
      ),
    ).toEqual([1_000_000, 1_000_000, 1_000_250, 5])
  })

  test('a function that ends in an underscore, one inside another and one that is not there do not exist', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load('function secret_() { return 1 } var app = (function () { function inside() {} return inside })()')
    for (const fn of ['secret_', 'inside', 'app', 'toString', 'Object']) {
      const message = await refusal(world.execute({ user: OWNER, spreadsheet, mode: 'FULL', fn }))
      expect(message).toContain(`Script function not found: ${fn}`)
    }
  })

  test('what is thrown is told as a dialog tells it, and in a formula with its line', async () => {
    const { run } = openScriptHouse()
    expect(await refusal(run('throw new Error("not connected")'))).toBe('Error: not connected')
    expect(await refusal(run('\n throw new Error("not connected")', { mode: 'CUSTOM_FUNCTION' }))).toBe(
      'not connected (line 2).',
    )
  })

  test('an exception of a service is an error of the script, which may catch it', async () => {
    const { run } = openScriptHouse()
    expect(
      await run(
        'try { CacheService.getScriptCache().put("", "x") } catch (e) { return [e instanceof Error, e.name, e.message] }',
      ),
    ).toEqual([true, 'Exception', 'Argument too large: key'])
  })

  test('nothing but values leaves it', async () => {
    const { run } = openScriptHouse()
    expect(await refusal(run('return Promise.resolve(1)'))).toContain('Promise')
    expect(await refusal(run('return function () {}'))).toContain('function')
    expect(await run('return { sheet: SpreadsheetApp.getActiveSheet() }')).toEqual({ sheet: null })
  })

  test('what it says in the log is kept, with who said it', async () => {
    const { world, run } = openScriptHouse()
    await run('console.warn("slow", { ms: 3 }); Logger.log(new Error("gone"))')
    expect(world.log).toEqual([
      { level: 'warn', user: OWNER, text: 'slow {"ms":3}' },
      { level: 'log', user: OWNER, text: 'Error: gone' },
    ])
  })
})

describe('how long', () => {
  test.each([
    ['CUSTOM_FUNCTION', 29_000, 31_000],
    ['LIMITED', 29_000, 31_000],
    ['NONE', 29_000, 31_000],
    ['FULL', 359_000, 361_000],
  ] as const)('%s may take so long and no longer', async (mode, within, beyond) => {
    const { run } = openScriptHouse()
    const sleep = 'for (var left = a; left > 0; left -= 250000) Utilities.sleep(Math.min(left, 250000)); return "done"'
    expect(await run(sleep, { mode, args: [within] })).toBe('done')
    expect(await refusal(run(sleep, { mode, args: [beyond] }))).toBe('Exceeded maximum execution time')
  })

  test('the end cannot be caught', async () => {
    const { run } = openScriptHouse()
    const lines =
      'try { Utilities.sleep(31000) } catch (e) { return "caught" } finally { console.log("still here") } return "done"'
    expect(await refusal(run(lines, { mode: 'CUSTOM_FUNCTION' }))).toBe('Exceeded maximum execution time')
  })

  test('what one sleeps is not the time of another', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load('function nap() { Utilities.sleep(20000); return 1 }')
    const nap = { user: OWNER, spreadsheet, mode: 'CUSTOM_FUNCTION', fn: 'nap' } as const
    const ends = await world.executeMany([nap, nap, nap], { parallel: 3 })
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
  })

  test('one that loops for ever is taken away, and the next runs', async () => {
    const { run } = openScriptHouse({ hangMs: 500 })
    expect(await refusal(run('for (;;) {}'))).toBe('Exceeded maximum execution time')
    expect(await run('return 1')).toBe(1)
  })
})

describe('how many at once', () => {
  test('a user has 30, and the next is refused while another user still may', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load('function wait() { return LockService.getScriptLock().tryLock(20000) }')
    const call = (user: string) => world.execute({ user, spreadsheet, mode: 'FULL', fn: 'wait' })
    const running = Array.from({ length: EXECUTIONS_PER_USER_MAX }, () => call(OWNER))
    expect(world.running).toBe(30)
    expect(await refusal(call(OWNER))).toContain('too many scripts running simultaneously')
    expect(await call('other@example.com')).toBe(true)
    // Each lets go of the lock as it ends.
    expect(await Promise.all(running)).toEqual(running.map(() => true))
    expect(world.running).toBe(0)
  })

  test('many calls are carried out so many at once, each result in its place', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load('function twice(n) { if (n === 3) throw new Error("three"); return n * 2 }')
    const calls = [1, 2, 3, 4].map(
      (n) => ({ user: OWNER, spreadsheet, mode: 'CUSTOM_FUNCTION', fn: 'twice', args: [n] }) as const,
    )
    const ends = await world.executeMany(calls, { parallel: 2 })
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : 'failed'))).toEqual([2, 4, 'failed', 8])
  })
})
