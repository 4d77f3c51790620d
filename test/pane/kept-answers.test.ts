/// <reference lib="dom" />
/** Answers kept in a real browser's IndexedDB, by the built add-in over the real proxy. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DATABASE_NAME } from '../../excel-addin/answer-shelf.ts'
import type { Addin } from '../../excel-addin/create-addin.ts'
import { startPaneHouse, type OpenPaneOptions, type PaneHouse } from './pane-house.ts'

type Cells = Record<string, unknown>

let house: PaneHouse
beforeAll(async () => {
  house = await startPaneHouse()
})
afterAll(() => house.close())

/** A page, and what it asked the proxy for its cells. */
async function open(options: OpenPaneOptions = {}) {
  const opened = await house.open(options)
  const asked: string[] = []
  opened.page.on('request', (request) => {
    if (!request.url().endsWith('/v1/answers')) return
    const { questions } = request.postDataJSON() as { questions: { fn: string }[] }
    asked.push(...questions.map(({ fn }) => fn))
  })
  return { ...opened, asked }
}

function calculate(page: Page, fn: 'HSCODE' | 'HSRATE', ...args: string[]): Promise<unknown> {
  return page.evaluate(
    async ([name, given]) => {
      const { addin } = (window as unknown as { Tariffcell: { addin: Addin } }).Tariffcell
      return await addin.functions[name](...given).catch((error: unknown) => String(error))
    },
    [fn, args] as const,
  )
}

async function reload(page: Page): Promise<void> {
  await page.reload()
  await page.locator('#pane main').waitFor()
}

/** Rows on the disk once the last write is a second old. */
async function kept(page: Page): Promise<Cells[]> {
  return await page.evaluate(
    (name) =>
      new Promise<Cells[]>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onerror = () => reject(new Error('IndexedDB does not open'))
        opening.onsuccess = () => {
          const rows = opening.result.transaction('answers').objectStore('answers').getAll()
          rows.onsuccess = () => {
            opening.result.close()
            resolve(rows.result as Cells[])
          }
        }
      }),
    DATABASE_NAME,
  )
}

test('a workbook that opens again asks nothing twice, and no token lies on the disk', async () => {
  const { page, asked, problems } = await open()
  const code = await calculate(page, 'HSCODE', 'stainless steel vacuum flask')
  const rate = await calculate(page, 'HSRATE', '6109100012', 'CA')
  expect(rate).toEqual([[0.18]])
  expect(asked.sort()).toEqual(['HSCODE', 'HSRATE'])
  await expect.poll(async () => (await kept(page)).length).toBe(2)
  await expect
    .poll(async () => (await kept(page)).every(({ dataVersion }) => typeof dataVersion === 'string'))
    .toBe(true)
  const disk = JSON.stringify(await kept(page))
  expect(disk).not.toContain('tc_')
  expect(disk).not.toContain(house.ownerTokens[0])

  await reload(page)
  expect(await calculate(page, 'HSCODE', 'stainless steel vacuum flask')).toEqual(code)
  expect(await calculate(page, 'HSRATE', '6109100012', 'CA')).toEqual(rate)
  expect(asked).toHaveLength(2)
  expect(problems).toEqual([])
})

test('who leaves this machine leaves no answer on it', async () => {
  const { page } = await open()
  await calculate(page, 'HSRATE', '610910', 'US')
  await expect.poll(async () => (await kept(page)).length).toBe(1)
  await page.evaluate(() => (window as unknown as { Tariffcell: { addin: Addin } }).Tariffcell.addin.session.forget())
  await expect.poll(async () => (await kept(page)).length).toBe(0)
})

test('forgetting clears what is at hand and on the disk, and cells ask again', async () => {
  const { page, asked } = await open()
  await calculate(page, 'HSRATE', '610910', 'US')
  await expect.poll(async () => (await kept(page)).length).toBe(1)
  await page.evaluate(() => (window as unknown as { Tariffcell: { addin: Addin } }).Tariffcell.addin.forgetAnswers())
  expect(await kept(page)).toEqual([])
  await calculate(page, 'HSRATE', '610910', 'US')
  expect(asked).toEqual(['HSRATE', 'HSRATE'])
})

test('a code that somebody approves is shown when the workbook opens again, not the answer kept before', async () => {
  const description = 'insulated bottle for hikers'
  const { page } = await open()
  const guessed = await calculate(page, 'HSCODE', description)
  await expect.poll(async () => (await kept(page)).length).toBe(1)
  const approved = await house.proxy.post('/v1/memory', {
    entries: [{ description, country: 'CA', code: '6109100012' }],
  })
  expect(await approved.json()).toMatchObject({ entries: [{ outcome: 'new' }] })
  await reload(page)
  expect(guessed).not.toEqual([['6109100012']])
  await expect.poll(() => calculate(page, 'HSCODE', description), { timeout: 15_000 }).toEqual([['6109100012']])
})

test('another language has other sentences, and comes back to its own', async () => {
  const { page, asked } = await open()
  const speak = (language: 'en' | 'fr'): Promise<void> =>
    page.evaluate(
      (chosen) => (window as unknown as { Tariffcell: { addin: Addin } }).Tariffcell.addin.session.setLanguage(chosen),
      language,
    )
  const english = await calculate(page, 'HSRATE', '9999', 'CA')
  await speak('fr')
  const french = await calculate(page, 'HSRATE', '9999', 'CA')
  expect(french).not.toEqual(english)
  await speak('en')
  expect(await calculate(page, 'HSRATE', '9999', 'CA')).toEqual(english)
  expect(asked).toHaveLength(2)
})

test.each<[string, () => void]>([
  ['is missing', () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })],
  [
    'is forbidden',
    () =>
      Object.defineProperty(globalThis, 'indexedDB', {
        get() {
          throw new DOMException('denied', 'SecurityError')
        },
      }),
  ],
  [
    'does not open',
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('denied', 'InvalidStateError')
      }
    },
  ],
])('where IndexedDB %s, cells answer and remember as long as the page lives', async (_, spoil) => {
  const { page, asked, problems } = await open({ before: async (fresh) => void (await fresh.addInitScript(spoil)) })
  for (let at = 0; at < 2; at++) expect(await calculate(page, 'HSRATE', '6109100012', 'CA')).toEqual([[0.18]])
  expect(asked).toEqual(['HSRATE'])
  expect(problems).toEqual([])
})
