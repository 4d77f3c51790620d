import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerAll } from '../hosts/fake-provider.ts'
import { EDITOR, keptTokens, openSheetsHouse, OWNER, type SheetsHouse } from './sheets-house.ts'

let open: SheetsHouse
beforeEach(async () => {
  open = await openSheetsHouse()
})
afterEach(() => open.close())

function goods(count: number): string[][] {
  return Array.from({ length: count }, (_, at) => [`cotton shirt number ${'abcdefghij'[at % 10]}${at}`])
}
const requests = (): number => open.world.web.sent.length
function askedQuestions(): number {
  return open.world.web.sent.reduce((sum, { payload }) => {
    const { questions } = JSON.parse(String(payload)) as { questions: unknown[] }
    return sum + questions.length
  }, 0)
}

describe('a formula', () => {
  test('over a cell gives its value, over a range the range in its shape', async () => {
    const sheet = await open.openSheet()
    expect(await open.formula(sheet, 'HSCODE', 'cotton shirt', 'CA')).toBe('610910')
    expect(await open.formula(sheet, 'HSCODE', [['cotton shirt'], [''], ['cotton shirt']], 'CA')).toEqual([
      ['610910'],
      [''],
      ['610910'],
    ])
    expect(await open.formula(sheet, 'HSFORMAT', 610910, 'dots')).toBe('6109.10')
  })

  test('asks and pays each different text once, in requests of a hundred, and nothing when Google calculates again', async () => {
    const sheet = await open.openSheet()
    const range = [...goods(300), ...goods(200)]
    expect(await open.formula(sheet, 'HSCODE', range)).toHaveLength(500)
    expect(requests()).toBe(3)
    expect(await open.house.balance()).toBe(700)
    await open.formula(sheet, 'HSCODE', range)
    expect(requests()).toBe(3)
    // The cache of Google is lost: the proxy remembers.
    open.world.cache.document(sheet.id).clear()
    await open.formula(sheet, 'HSCODE', range)
    expect([requests(), await open.house.balance()]).toEqual([6, 700])
  })

  test('over a large range lies in few entries of the cache, and a row more asks for that row and few beside it', async () => {
    const sheet = await open.openSheet()
    await open.formula(sheet, 'HSCODE', goods(480))
    // And one for what it asks with.
    expect(open.world.cache.document(sheet.id).size).toBeLessThanOrEqual(17)
    const before = askedQuestions()
    await open.formula(sheet, 'HSCODE', [['leather handbag'], ...goods(480).toReversed()])
    expect(askedQuestions() - before).toBeLessThan(60)
    expect(await open.house.balance()).toBe(519)
  })

  test('a cell each, a column of them reads what Google counts by the day once, and heeds a change at once', async () => {
    const sheet = await open.openSheet()
    const readings = (): number => open.world.calls.get('Properties.getProperty') ?? 0
    const before = readings()
    for (let times = 0; times < 20; times++) await open.formula(sheet, 'HSCODE', 'cotton shirt')
    expect(readings() - before).toBe(3)
    await open.door(OWNER, sheet, 'disable')
    await expect(open.formula(sheet, 'HSCODE', 'cotton shirt')).rejects.toThrow(/^TC-445/)
    await open.door(OWNER, sheet, 'enable', { dailyCapPoints: 500, language: 'en' })
    expect(await open.formula(sheet, 'HSCODE', 'cotton shirt')).toBe('610910')
  })

  test('keeps nothing for longer than it holds: an answer kept again beside others is no younger', async () => {
    const sheet = await open.openSheet()
    const ask = async (count: number): Promise<number> => {
      const before = askedQuestions()
      await open.formula(sheet, 'HSCODE', goods(count), 'CA', 'fresh=1')
      return askedQuestions() - before
    }
    expect(await ask(40)).toBe(40)
    open.world.advance(40_000)
    const anew = await ask(41)
    expect(anew).toBeLessThan(41)
    open.world.advance(30_000)
    expect(await ask(41)).toBe(41 - anew)
  })

  test('with fresh=1 is bought once a day, however often Google calculates it', async () => {
    const sheet = await open.openSheet()
    const ask = async (): Promise<number> => {
      open.world.cache.document(sheet.id).clear()
      await open.formula(sheet, 'HSCODE', 'cotton shirt', 'CA', 'fresh=1')
      return open.house.balance()
    }
    const first = await ask()
    expect([await ask(), await ask()]).toEqual([first, first])
  })

  test('with fresh=1 over a range is bought once too, when rows came in and some cells were still worked on', async () => {
    const sheet = await open.openSheet()
    const ask = async (range: string[][]): Promise<number> => {
      open.world.cache.document(sheet.id).clear()
      await open.formula(sheet, 'HSCODE', range, 'CA', 'fresh=1')
      return open.house.balance()
    }
    expect(await ask(goods(3))).toBe(997)
    expect(await ask([['leather handbag'], ...goods(3)])).toBe(996)
    expect([await ask(goods(2)), await ask(goods(40))]).toEqual([996, 959])
  })

  test('that comes to an error throws its code and its sentence, in the language of the spreadsheet', async () => {
    const [english, french] = [await open.openSheet(), await open.openSheet({ locale: 'fr_CA' })]
    await expect(open.formula(english, 'HSCODE', 42)).rejects.toThrow(/^TC-105 42 is a number/)
    await expect(open.formula(french, 'HSCODE', 42)).rejects.toThrow(/^TC-105 42 est un nombre/)
  })

  test('shows one bad cell of a range in its place, and its neighbours their values', async () => {
    const sheet = await open.openSheet()
    expect(await open.formula(sheet, 'HSCODE', [['cotton shirt'], [42], [true], ['=1+1']])).toEqual([
      ['610910'],
      [expect.stringMatching(/^#TC-105 /)],
      [expect.stringMatching(/^#TC-\d{3} /)],
      [expect.stringMatching(/^#TC-102 /)],
    ])
  })

  test('takes a date for a date, and the error of the cell before it for what it is, without a request', async () => {
    const sheet = await open.openSheet()
    await expect(open.formula(sheet, 'HSCODE', new Date(Date.UTC(2026, 2, 1, 12)))).rejects.toThrow(
      /^TC-106 2026-03-01/,
    )
    const before = requests()
    await expect(open.formula(sheet, 'HSCODE', '#REF!')).rejects.toThrow(/^TC-114 .*#REF!/)
    await expect(open.formula(sheet, 'HSRATE', '#TC-105 30 is a number', 'CA')).rejects.toThrow(/^TC-114/)
    expect(await open.formula(sheet, 'HSRATE', '#PENDING', 'CA')).toBe('#PENDING')
    expect(requests()).toBe(before)
  })

  test('over more cells than it has time for says that the sidebar does them', async () => {
    const sheet = await open.openSheet()
    await expect(open.formula(sheet, 'HSCODE', goods(10_000))).rejects.toThrow(/^TC-115 .*10000.*Tariffcell > Open/)
    await expect(open.formula(sheet, 'HSCODE', goods(600))).rejects.toThrow(/^TC-115 .*600/)
    expect(requests()).toBe(0)
  })

  test('over a column to its end answers what is in it', async () => {
    const sheet = await open.openSheet()
    const column = [...goods(3), ...Array.from({ length: 9_997 }, () => [''])]
    expect(await open.formula(sheet, 'HSCODE', column)).toEqual([['610910'], ['610910'], ['610910']])
  })

  test('that is still worked on when its time is up shows #PENDING, and the value next time, paid once', async () => {
    const sheet = await open.openSheet()
    let goOn!: () => void
    const gate = new Promise<void>((resolve) => {
      goOn = resolve
    })
    open.provider.behave(async (inquiries) => {
      await gate
      return answerAll(inquiries)
    })
    // Of its 24 s most are gone before the proxy hears of it.
    open.world.web.trouble = (_, before) => (before === 0 ? { latencyMs: 16_000, error: 'unavailable' } : null)
    expect(await open.formula(sheet, 'HSCODE', [['cotton shirt'], ['']])).toEqual([['#PENDING'], ['']])
    open.world.web.trouble = null
    goOn()
    expect(await open.formula(sheet, 'HSCODE', [['cotton shirt'], ['']])).toEqual([['610910'], ['']])
    expect(await open.house.balance()).toBe(999)
  })
})

test.each([
  ['en_US', `=HSRATE("610910","CA","it's, so")`],
  ['fr_FR', `=HSRATE("610910";"CA";"it's, so")`],
])('a formula put in by the sidebar is one in %s too', async (locale, kept) => {
  const sheet = await open.openSheet({ locale, sheets: [{ name: 'Products', rows: [['']] }] })
  sheet.person.select({ sheet: 'Products', row: 0, column: 0, rows: 1, columns: 1 })
  await open.door(OWNER, sheet, 'insertFormula', `=HSRATE("610910","CA","it's, so")`)
  expect(sheet.person.formula('Products', 0, 0)).toBe(kept)
  await open.world.recalculate(sheet, OWNER)
  // Calculated, not refused as no formula: no provider of this house knows rates.
  expect(sheet.person.value('Products', 0, 0)).toBe('#ERROR!')
  expect(sheet.person.error('Products', 0, 0)).toMatch(/^TC-/)
})

describe('without leave', () => {
  test('formulas say how they are enabled, and ask nobody', async () => {
    const sheet = open.world.spreadsheet({ owner: OWNER })
    await expect(open.formula(sheet, 'HSCODE', 'cotton shirt')).rejects.toThrow(/^TC-445 .*Tariffcell > Open/)
    await expect(open.formula(sheet, 'HSCODE', goods(3))).rejects.toThrow(/^TC-445/)
    expect(requests()).toBe(0)
  })

  test('a revoked token is said to be', async () => {
    const sheet = await open.openSheet()
    await open.formula(sheet, 'HSCODE', 'cotton shirt')
    await open.door(OWNER, sheet, 'disable')
    await expect(open.formula(sheet, 'HSCODE', 'leather handbag')).rejects.toThrow(/^TC-445/)
    const other = await open.openSheet()
    const { workspaceId } = open.house.askers[0]
    const { seats } = (await (await open.proxy.get('/v1/seats')).json()) as {
      seats: { id: string; spreadsheet: string | null; revokedAt: string | null }[]
    }
    for (const seat of seats)
      if (seat.spreadsheet && !seat.revokedAt) await open.house.seats.revokeSeat(workspaceId, seat.id)
    await expect(open.formula(other, 'HSCODE', 'leather handbag')).rejects.toThrow(/^TC-401/)
  })

  test('a copy of the spreadsheet that took the properties along is told to enable its own', async () => {
    const sheet = await open.openSheet()
    const copy = open.world.copy(sheet, { withDocumentProperties: true })
    await expect(open.formula(copy, 'HSCODE', 'cotton shirt')).rejects.toThrow(/^TC-444/)
    await open.door(OWNER, copy, 'enable', { dailyCapPoints: 5, language: 'en' })
    expect(await open.formula(copy, 'HSCODE', 'cotton shirt')).toBe('610910')
    expect(await open.formula(sheet, 'HSCODE', 'cotton shirt')).toBe('610910')
  })

  test('an editor who types the door into a cell is told what a formula is, and gets nothing', async () => {
    const [sheet, french] = [await open.openSheet(), await open.openSheet({ locale: 'fr_CA' })]
    for (const deed of ['begin', 'relay', 'enable', 'forget', 'constructor']) {
      await expect(open.door(EDITOR, sheet, deed, null, 'CUSTOM_FUNCTION')).rejects.toThrow(/^TC-116 .*=HSCODE\(/)
    }
    for (const fn of ['onOpen', 'onInstall', 'showPane', 'paneCall']) {
      await expect(open.formula(french, fn)).rejects.toThrow(/^TC-116 Ceci n’est pas une formule/)
    }
    expect(await open.formula(sheet, 'HSCODE', 'cotton shirt')).toBe('610910')
  })

  test('formulas never ask with the token of a person, and no token is ever logged or returned', async () => {
    const sheet = await open.openSheet()
    const [person, own] = keptTokens(open.world, OWNER, sheet)
    await open.formula(sheet, 'HSCODE', 'cotton shirt')
    expect(open.world.web.sent.map(({ headers }) => headers.Authorization)).toEqual([`Bearer ${own}`])
    const shown = [JSON.stringify(open.world.log)]
    for (const deed of ['begin', 'forget', 'disable']) shown.push(JSON.stringify(await open.door(OWNER, sheet, deed)))
    for (const token of [person!, own!]) expect(shown.join('\n')).not.toContain(token)
  })
})

describe('trouble', () => {
  test('a quota that runs out in the middle leaves what is there, and says when the rest goes on', async () => {
    const sheet = await open.openSheet()
    await open.formula(sheet, 'HSCODE', goods(2))
    open.world.web.trouble = () => ({ error: 'too-often' })
    expect(await open.formula(sheet, 'HSCODE', goods(4))).toEqual([
      ['610910'],
      ['610910'],
      [expect.stringMatching(/^#TC-446 /)],
      [expect.stringMatching(/^#TC-446 /)],
    ])
    await expect(open.formula(sheet, 'HSCODE', 'glass vase')).rejects.toThrow(/^TC-446/)
  })

  test('a quota that ran out is what cells say while nobody asks', async () => {
    const sheet = await open.openSheet()
    open.world.web.trouble = () => ({ error: 'too-often' })
    for (let at = 0; at < 5; at++) {
      await expect(open.formula(sheet, 'HSCODE', `glass vase ${'abcde'[at]}`)).rejects.toThrow(/^TC-446/)
    }
    expect(requests()).toBeLessThan(5)
  })

  test('a proxy out of reach is asked a few times, then left alone for a while, and found again', async () => {
    const sheet = await open.openSheet()
    open.world.web.trouble = () => ({ error: 'dns' })
    const ask = (): Promise<unknown> => open.formula(sheet, 'HSCODE', 'cotton shirt')
    for (let at = 0; at < 3; at++) await expect(ask()).rejects.toThrow(/^TC-/)
    // Twice for each formula, of the requests that Google allows a day.
    expect(requests()).toBe(6)
    const before = requests()
    await expect(ask()).rejects.toThrow(/^TC-/)
    expect(requests()).toBe(before)
    open.world.web.trouble = null
    open.world.advance(31_000)
    expect(await ask()).toBe('610910')
  })

  test('points gone in a range: what is paid stays, the rest says how to recharge', async () => {
    await open.close()
    open = await openSheetsHouse({ points: 2 })
    const sheet = await open.openSheet()
    const cells = (await open.formula(sheet, 'HSCODE', goods(4))) as string[][]
    expect(cells.filter(([cell]) => cell === '610910')).toHaveLength(2)
    expect(cells.filter(([cell]) => cell!.startsWith('#TC-402'))).toHaveLength(2)
  })

  test('a cap of the spreadsheet holds', async () => {
    const sheet = await open.openSheet({ dailyCapPoints: 1 })
    const cells = (await open.formula(sheet, 'HSCODE', goods(3))) as string[][]
    expect(cells.filter(([cell]) => cell === '610910')).toHaveLength(1)
    expect(await open.house.balance()).toBe(999)
  })
})

test('300 cells of one formula each, thirty at once, are few calls of the upstream, and each is paid once', async () => {
  const sheet = await open.openSheet()
  const calls = goods(300).map(([text]) => ({
    user: EDITOR,
    spreadsheet: sheet,
    mode: 'CUSTOM_FUNCTION' as const,
    fn: 'HSCODE',
    args: [text],
  }))
  const results = await open.world.executeMany(calls)
  expect(results.every((result) => result.status === 'fulfilled' && result.value === '610910')).toBe(true)
  expect(await open.house.balance()).toBe(700)
  expect(requests()).toBe(300)
  expect(open.provider.calls.length).toBeLessThan(150)
})
