import { describe, expect, test } from 'vitest'
import { EDITOR, openScriptHouse, OWNER, refusal } from './script-house.ts'

const DAY_MS = 86_400_000

describe('properties', () => {
  test('the stores of script, user and document are three, and each user and document has its own', async () => {
    const { world, spreadsheet, run } = openScriptHouse()
    const other = world.spreadsheet({ owner: OWNER })
    await run(
      'PropertiesService.getScriptProperties().setProperty("k", "script"); PropertiesService.getUserProperties().setProperty("k", "user"); PropertiesService.getDocumentProperties().setProperty("k", "document")',
    )
    const read =
      'return ["Script", "User", "Document"].map(function (s) { return PropertiesService["get" + s + "Properties"]().getProperty("k") })'
    expect(await run(read)).toEqual(['script', 'user', 'document'])
    expect(await run(read, { user: EDITOR, spreadsheet: other })).toEqual(['script', null, null])
    expect(world.properties.document(spreadsheet.id).get('k')).toBe('document')
  })

  test('a formula reads the properties of the owner of the spreadsheet, whoever looks at it, and sets none', async () => {
    const { world, run } = openScriptHouse()
    world.properties.user(OWNER).set('token', 'of the owner')
    world.properties.user(EDITOR).set('token', 'of the editor')
    const read = 'return PropertiesService.getUserProperties().getProperty("token")'
    expect(await run(read, { user: EDITOR, mode: 'CUSTOM_FUNCTION' })).toBe('of the owner')
    expect(await run(read, { user: EDITOR })).toBe('of the editor')
    for (const change of ['setProperty("token", "x")', 'deleteProperty("token")', 'deleteAllProperties()']) {
      const message = await refusal(run(`PropertiesService.getUserProperties().${change}`, { mode: 'CUSTOM_FUNCTION' }))
      expect(message).toContain('You do not have permission to call')
    }
    expect(world.properties.user(OWNER).get('token')).toBe('of the owner')
  })

  test('a value holds 9 KB and a store 500 KB, and what does not fit leaves all as it was', async () => {
    const { world, run } = openScriptHouse()
    const set = 'PropertiesService.getScriptProperties().setProperties(a)'
    await run(set, { args: [{ k: 'x'.repeat(9216) }] })
    expect(await refusal(run(set, { args: [{ a: '1', k: 'é'.repeat(4609) }] }))).toContain('Argument too large: value')
    const much = Object.fromEntries(Array.from({ length: 56 }, (_, at) => [`key${at}`, 'x'.repeat(9216)]))
    expect(await refusal(run(set, { args: [much] }))).toContain('exceeded the property storage quota')
    expect([...world.properties.script.keys()]).toEqual(['k'])
  })

  test('all are listed, and can be replaced at once', async () => {
    const { run } = openScriptHouse()
    const lines =
      'var p = PropertiesService.getDocumentProperties(); p.setProperties({ a: "1", b: "2" }); p.setProperties({ c: "3" }, true).setProperty("d", 4); return [p.getKeys(), p.getProperties()]'
    expect(await run(lines)).toEqual([['c', 'd'], { c: '3', d: '4' }])
  })

  test('a day has so many reads and writes, and the next day again', async () => {
    const { world, run } = openScriptHouse({ quotas: { properties: 3 } })
    const read = 'return PropertiesService.getScriptProperties().getProperty("k")'
    for (let calls = 0; calls < 3; calls++) await run(read)
    expect(await refusal(run(read))).toContain('Service invoked too many times for one day: properties.')
    expect(await run(read, { user: EDITOR })).toBeNull()
    world.advance(DAY_MS)
    expect(await run(read)).toBeNull()
  })
})

describe('caches', () => {
  test('the caches of script, user and document are three, and a copy of a spreadsheet begins with none', async () => {
    const { world, spreadsheet, run } = openScriptHouse()
    await run(
      'CacheService.getScriptCache().put("k", "script"); CacheService.getUserCache().put("k", "user"); CacheService.getDocumentCache().put("k", "document")',
    )
    const read =
      'return ["Script", "User", "Document"].map(function (s) { return CacheService["get" + s + "Cache"]().get("k") })'
    expect(await run(read)).toEqual(['script', 'user', 'document'])
    expect(await run(read, { spreadsheet: world.copy(spreadsheet) })).toEqual(['script', 'user', null])
    expect(await run(read, { user: EDITOR })).toEqual(['script', null, 'document'])
  })

  test('a value is gone after its time, 600 seconds unless told', async () => {
    const { world, run } = openScriptHouse()
    await run('var c = CacheService.getScriptCache(); c.put("default", "1"); c.put("long", "2", 21600)')
    const read = 'return CacheService.getScriptCache().getAll(["default", "long", "never"])'
    world.advance(599_000)
    expect(await run(read)).toEqual({ default: '1', long: '2' })
    world.advance(1_001)
    expect(await run(read)).toEqual({ long: '2' })
    world.advance(21_000_001)
    expect(await run(read)).toEqual({})
  })

  test.each([
    ['no time', '"k", "v", 0', 'expirationInSeconds'],
    ['more than six hours, as when milliseconds are given', '"k", "v", 600000', 'expirationInSeconds'],
    ['a key of 251 characters', 'new Array(252).join("k"), "v"', 'Argument too large: key'],
    ['a value of more than 100 KB', '"k", new Array(102402).join("v")', 'Argument too large: value'],
  ])('%s is refused', async (_, args, message) => {
    const { run } = openScriptHouse()
    expect(await refusal(run(`CacheService.getScriptCache().put(${args})`))).toContain(message)
  })

  test('a key of 250 characters and a value of 100 KB are taken', async () => {
    const { run } = openScriptHouse()
    const lines =
      'var c = CacheService.getScriptCache(); var k = new Array(251).join("k"); c.put(k, new Array(102401).join("v"), 21600); return c.get(k).length'
    expect(await run(lines)).toBe(102_400)
  })

  test('of more than 1,000 items the 900 that would stay longest are left', async () => {
    const { run } = openScriptHouse()
    const lines = `
      var c = CacheService.getDocumentCache(), short = {}, long = {}
      for (var i = 0; i < 1000; i++) { if (i < 500) short["s" + i] = "1"; else long["l" + i] = "1" }
      c.putAll(short, 60); c.putAll(long, 600)
      var before = Object.keys(c.getAll(Object.keys(short))).length
      c.put("one more", "1", 600)
      return [before, Object.keys(c.getAll(Object.keys(short))).length, Object.keys(c.getAll(Object.keys(long))).length, c.get("one more")]`
    expect(await run(lines)).toEqual([500, 399, 500, '1'])
  })

  test('items are removed one by one and together', async () => {
    const { run } = openScriptHouse()
    const lines =
      'var c = CacheService.getScriptCache(); c.putAll({ a: "1", b: "2", c: "3" }); c.remove("a"); c.removeAll(["b", "x"]); return c.getAll(["a", "b", "c"])'
    expect(await run(lines)).toEqual({ c: '3' })
  })
})

describe('locks', () => {
  /** Holds the lock until the cache says otherwise. */
  const HOLD = `
    var lock = LockService[a](); var had = lock.tryLock(0); CacheService.getScriptCache().put("held", "1")
    while (!CacheService.getScriptCache().get("let go")) {}
    return [had, lock.hasLock()]`
  const TRY =
    'while (!CacheService.getScriptCache().get("held")) {} var had = LockService[a]().tryLock(b); CacheService.getScriptCache().put("let go", "1"); return had'

  test.each([
    ['getDocumentLock', 'another document', true],
    ['getDocumentLock', 'the same document', false],
    ['getScriptLock', 'another document', false],
    ['getUserLock', 'another document', true],
  ])('%s: somebody else in %s gets it at once: %s', async (kind, where, isFree) => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load(`function hold(a) {${HOLD}} function attempt(a, b) {${TRY}}`)
    const on = where === 'the same document' ? spreadsheet : world.spreadsheet({ owner: OWNER })
    const [held, had] = await Promise.all([
      world.execute({ user: OWNER, spreadsheet, mode: 'FULL', fn: 'hold', args: [kind] }),
      world.execute({ user: EDITOR, spreadsheet: on, mode: 'FULL', fn: 'attempt', args: [kind, 0] }),
    ])
    expect(held).toEqual([true, true])
    expect(had).toBe(isFree)
  })

  test('who waits gets it when the other ends, even when the other failed', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load(`
      function fail() { LockService.getScriptLock().waitLock(0); CacheService.getScriptCache().put("held", "1"); Utilities.getUuid(); throw new Error("failed") }
      function next() { while (!CacheService.getScriptCache().get("held")) {} LockService.getScriptLock().waitLock(20000); return "mine" }`)
    const call = (fn: string) => world.execute({ user: OWNER, spreadsheet, mode: 'FULL', fn })
    const [failed, mine] = await Promise.allSettled([call('fail'), call('next')])
    expect(failed.status).toBe('rejected')
    expect(mine).toMatchObject({ value: 'mine' })
  })

  test('who waits too long is refused with the words of Google', async () => {
    const { world, spreadsheet } = openScriptHouse()
    await world.load(`function hold(a) {${HOLD}}
      function wait() {
        while (!CacheService.getScriptCache().get("held")) {}
        try { LockService.getScriptLock().waitLock(10) } finally { CacheService.getScriptCache().put("let go", "1") }
      }`)
    const holding = world.execute({ user: OWNER, spreadsheet, mode: 'FULL', fn: 'hold', args: ['getScriptLock'] })
    const message = await refusal(world.execute({ user: OWNER, spreadsheet, mode: 'FULL', fn: 'wait' }))
    expect(message).toContain('Lock timeout: another process was holding the lock for too long.')
    await holding
  })
})
