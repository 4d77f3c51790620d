/**
 * HSRATETEXT against the publishers' own data: 300 random items of each tariff, read here by other code than our importers'.
 * The data lies beside the checkout and is not part of it; without it these tests cannot run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEmbedded } from '../proxy/providers/embedded/index.ts'
import { rootFolder } from '../proxy/root-folder.ts'
import { openSqlite } from '../proxy/sqlite.ts'
import { createTariffBook } from '../proxy/tariff/book.ts'
import type { Answer } from '../shared/protocol.ts'
import { openTestHouse, question, type TestHouse } from './hosts/test-house.ts'

const TARIFFS = join(rootFolder(), '..', 'shared', 'data', 'tariffs')
const ITEMS_CHECKED = 300

interface Item {
  code: string
  /** What the publisher prints, by treatment; '' for nothing. */
  rates: Record<string, string>
}

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse({
    providers: [
      createEmbedded({
        classifier: { classify: () => ({ candidates: [], headings: [], words: [], vague: null, missing: null }) },
        book: createTariffBook({ folders: [join(rootFolder(), 'proxy', 'tariff', 'packs')] }),
        labels: { label: () => null },
        lexiconEdition: 'none',
        log: { error: () => {} },
        now: () => Date.UTC(2026, 10, 22),
      }),
    ],
  })
})
afterAll(() => house.close())

/** Mulberry32: the same items on every machine. */
function pick(items: readonly Item[], seed: number): Item[] {
  let state = seed
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return Array.from({ length: ITEMS_CHECKED }, () => items[Math.floor(random() * items.length)]!)
}

async function ask(
  fn: string,
  country: string,
  cells: readonly { code: string; treatment: string }[],
): Promise<Answer[]> {
  const questions = cells.map(({ code, treatment }) => question(fn, code, country, '', `treatment=${treatment}`))
  const answers: Answer[] = []
  for (let at = 0; at < questions.length; at += 500) answers.push(...(await house.ask(questions.slice(at, at + 500))))
  const byId = new Map(answers.map((answer) => [answer.id, answer]))
  return questions.map(({ id }) => byId.get(id)!)
}

function collapse(text: string): string {
  return text.replaceAll(/[\s\u3000]+/g, ' ').trim()
}

/** Each text as published; nothing printed is an error, never a rate. @returns how many the data leaves unknown. */
async function expectPublished(country: string, items: readonly Item[]): Promise<number> {
  const cells = items.flatMap(({ code, rates }) =>
    Object.entries(rates).map(([treatment, text]) => ({ code, treatment, text })),
  )
  const texts = await ask('HSRATETEXT', country, cells)
  const numbers = await ask('HSRATE', country, cells)
  let unknown = 0
  for (const [at, { code, treatment, text }] of cells.entries()) {
    const [shown, number] = [texts[at]!, numbers[at]!]
    const name = `${country} ${code} ${treatment}`
    if (shown.error?.code === 'TC-226') unknown++
    else if (text === '') expect([shown.error?.code, number.error?.code], name).toEqual(['TC-211', 'TC-211'])
    else expect(shown.value, name).toBe(collapse(text))
    if (/^(?:Free|無税|0%)$/.test(text) && shown.value !== undefined) expect(number.value, name).toBe(0)
    if (number.value === 0) expect(text, name).toMatch(/Free|無税|^\(?0(?:\.0+)? ?%/)
  }
  expect(cells.length).toBeGreaterThanOrEqual(ITEMS_CHECKED)
  return unknown
}

describe.skipIf(!existsSync(TARIFFS))('HSRATETEXT is what the publisher prints', () => {
  test('Canada: MFN, UST, MXT, General; and ten-digit lines inherit', async () => {
    const database = await openSqlite(join(TARIFFS, 'canada', 'ca_tariff.db'), { readOnly: true })
    const rows = database
      .prepare('SELECT digits, mfn, ust, mxt, general_rate FROM ca_tariff ORDER BY digits')
      .all() as Record<string, string | null>[]
    database.close()
    const items = rows
      .filter((row) => row.digits!.length === 8)
      .map((row) => ({
        code: row.digits!,
        rates: { MFN: row.mfn ?? '', UST: row.ust ?? '', MXT: row.mxt ?? '', GT: row.general_rate ?? '' },
      }))
    const chosen = pick(items, 1)
    expect(await expectPublished('CA', chosen)).toBe(0)

    const printed = new Map(items.map(({ code, rates }) => [code, rates.MFN]))
    const silent = rows.filter((row) => row.digits!.length === 10 && !row.mfn && printed.get(row.digits!.slice(0, 8)))
    const lines = pick(
      silent.map((row) => ({ code: row.digits!, rates: { MFN: printed.get(row.digits!.slice(0, 8))! } })),
      5,
    ).map(({ code, rates }) => ({ code, treatment: 'MFN', text: rates.MFN! }))
    const inherited = await ask('HSRATETEXT', 'CA', lines)
    expect(inherited.map((answer) => answer.value)).toEqual(lines.map(({ text }) => collapse(text)))
  })

  test('United States: general and column 2', async () => {
    const text = readFileSync(join(TARIFFS, 'us', 'hts_2026_revision_4_csv.csv'), 'utf8')
    const rows = parse<Record<string, string>>(text, { columns: true, bom: true })
    const items = rows
      .map((row) => ({ code: row['HTS Number']!.replaceAll('.', ''), row }))
      .filter(({ code, row }) => code.length === 8 && !code.startsWith('99') && row['General Rate of Duty'] !== '')
      .map(({ code, row }) => ({
        code,
        rates: {
          MFN: row['General Rate of Duty']!,
          COL2: row['Column 2 Rate of Duty']!,
          SPECIAL: row['Special Rate of Duty']!,
        },
      }))
    expect(await expectPublished('US', pick(items, 2))).toBe(0)
  })

  test('China: MFN, general, provisional and VAT', async () => {
    const text = readFileSync(join(TARIFFS, 'china', 'hs_codes_fixed.csv'), 'utf8')
    const rows = parse<Record<string, string>>(text, { columns: true, bom: true })
    const percent = (fraction: string): string =>
      fraction === '' ? '' : `${Number((Number(fraction) * 100).toFixed(6))}%`
    const byItem = new Map<string, Item>()
    for (const row of rows) {
      const rates = {
        MFN: percent(row.mfn_rate!),
        GEN: percent(row.general_rate!),
        PROV: percent(row.tentative_rate!),
        VAT: percent(row.vat_rate!),
      }
      const code = row.hs_code!.slice(0, 8)
      const seen = byItem.get(code)
      // An item whose lines differ has no rate of its own.
      if (!seen) byItem.set(code, { code, rates })
      else for (const [id, rate] of Object.entries(rates)) if (seen.rates[id] !== rate) delete seen.rates[id]
    }
    // Zeros that stand for duties by quantity are marked as not known; there are few of them.
    expect(await expectPublished('CN', pick([...byItem.values()], 3))).toBeLessThan(20)
  })

  test('Japan: general, temporary, WTO and two agreements', async () => {
    interface Node {
      stat_code: string
      hs_code: string
      rate: Record<string, string>
      children?: Node[]
    }
    const items: Item[] = []
    // A column that a line leaves blank is printed on a line above it, or not at all.
    const walk = (nodes: readonly Node[], above: { stat: string; rate: Record<string, string> }): void => {
      for (const node of nodes) {
        const stat = node.stat_code.replaceAll('.', '')
        const isBelow = stat.startsWith(above.stat)
        const printed = Object.entries(node.rate).filter(([, text]) => text !== '')
        const inherited = { ...(isBelow ? above.rate : {}), ...Object.fromEntries(printed) }
        const code = `${stat}${node.hs_code}`
        if (/^\d{9}$/.test(code) && printed.length > 0) {
          const rate = (column: string): string => inherited[column] ?? ''
          items.push({
            code,
            rates: {
              BASE: rate('基本'),
              TEMP: rate('暫定'),
              WTO: rate('WTO協定'),
              'EPA-CPTPP': rate('EPA_CPTPP'),
              'EPA-RCEP-CN': rate('EPA_RCEP_中国'),
            },
          })
        }
        walk(node.children ?? [], { stat, rate: inherited })
      }
    }
    const folder = join(TARIFFS, 'japan')
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith('j_'))
        walk(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Node[], { stat: '', rate: {} })
    }
    const times = new Map<string, number>()
    for (const { code } of items) times.set(code, (times.get(code) ?? 0) + 1)
    // The eight seasonal lines stand twice, once for each season, and are answered with both rates.
    const once = items.filter(({ code }) => times.get(code) === 1)
    expect(items.length - once.length).toBe(16)
    expect(await expectPublished('JP', pick(once, 4))).toBe(0)
  })
})
