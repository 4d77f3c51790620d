import { expect, test } from 'vitest'
import { createLearned, fetchDetails, type AnsweredRow } from '../../../../shared/pane/bulk/fetch-details.ts'
import { parseOptions } from '../../../../shared/options.ts'
import type { ProxyApi } from '../../../../shared/pane/proxy-api.ts'
import { optionsOf, planRun, type RunSetup } from '../../../../shared/pane/bulk/plan-run.ts'
import { NO_OUTPUTS } from '../../../../shared/pane/bulk/output-columns.ts'
import { NO_COLUMNS } from '../../../../shared/pane/bulk/pick-columns.ts'
import { isFailure } from '../../../../shared/error-codes.ts'
import type { Answer, Question } from '../../../../shared/protocol.ts'
import { openUpstreamHouse } from '../../../hosts/upstream-house.ts'
import { startDemoUpstreams } from '../../../upstreams/demo-upstreams.ts'
import { createFakeProxy, OFFLINE } from './bulk-house.ts'

const ALL = { label: true, rates: true, best: true }

function row(description: string, more: Partial<AnsweredRow> = {}): AnsweredRow {
  return {
    goods: { description, facts: {}, country: 'CA', origin: null, value: null },
    code: '610910',
    error: null,
    provider: 'jiayou',
    ...more,
  }
}

test('equal texts and codes are asked about once, and rows after them ask nothing again', async () => {
  const proxy = createFakeProxy()
  const deps = { api: proxy.api, language: 'en' as const, learned: createLearned() }
  await fetchDetails(deps, [row('shirt'), row('shirt'), row('blouse')], ALL)
  const first = proxy.asked.length
  expect(proxy.asked.filter(({ fn }) => fn === 'HSINFO')).toHaveLength(2)
  expect(proxy.asked.filter(({ fn }) => fn === 'HSRATE')).toHaveLength(1)
  await fetchDetails(deps, [row('blouse')], ALL)
  expect(proxy.asked).toHaveLength(first)
})

test('a row that is sure and agreed upon needs no rivals; a doubtful one gets them, with their rates', async () => {
  const proxy = createFakeProxy()
  proxy.goods.set('doubtful', {
    code: '610910',
    score: 0.7,
    rivals: [
      { code: '620520', score: 0.2 },
      { code: '999999', score: 0.01 },
    ],
  })
  proxy.rates.set('620520', 'Free')
  const found = await fetchDetails(
    { api: proxy.api, language: 'en', learned: createLearned() },
    [row('sure'), row('doubtful')],
    ALL,
  )
  expect(proxy.asked.filter(({ fn }) => fn === 'HSALT').map(({ args }) => args[0])).toEqual(['doubtful'])
  expect(proxy.asked.some(({ args }) => args[0] === '999999')).toBe(false)
  expect(Array.isArray(found) && found.map(({ reviews }) => reviews)).toEqual([[], ['rate-differs']])
})

test('the best preference is the lowest that the origin can claim, and none where it is no lower than MFN', async () => {
  const proxy = createFakeProxy()
  const goods = { description: 'shirt', facts: {}, country: 'CA', origin: 'US', value: null }
  const wanted = [row('shirt', { goods }), row('shirt', { goods: { ...goods, origin: 'CN' } })]
  const found = await fetchDetails({ api: proxy.api, language: 'en', learned: createLearned() }, wanted, ALL)
  expect(Array.isArray(found) && found.map(({ best }) => best)).toEqual([{ treatment: 'UST', rate: 0 }, null])
})

test('a refusal is handed back, and the next try learns what was left', async () => {
  const proxy = createFakeProxy()
  const deps = { api: proxy.api, language: 'en' as const, learned: createLearned() }
  proxy.refuse(OFFLINE)
  expect(await fetchDetails(deps, [row('shirt')], ALL)).toEqual({ error: OFFLINE })
  proxy.refuse(null)
  const found = await fetchDetails(deps, [row('shirt')], ALL)
  expect(Array.isArray(found) && found[0]).toMatchObject({ confidence: 0.9, label: 'label 610910', mfn: 0.18 })
})

test('over the real house with paid upstreams, details of what was paid cost nothing, and of what was not they buy nothing', async () => {
  const house = await openUpstreamHouse({ points: 100 })
  const upstreams = await startDemoUpstreams()
  try {
    for (const { name, url, credential } of upstreams.all) await house.connect(name, credential, url)
    const answers = async (
      questions: Question[],
    ): Promise<{ answers: Answer[]; points: { balance: number; held: number } }> => ({
      answers: await house.ask(questions),
      points: { balance: 0, held: 0 },
    })
    const texts = ['leather handbag', 'ceramic coffee mug', 'LED desk lamp']
    const paid = await house.ask(
      texts.map((text, at) => ({ id: String(at), fn: 'HSCODE', args: [text, 'CA', 'min=0'] })),
    )
    const before = await house.balance()
    const rows = texts.map((text, at) =>
      row(text, { code: String(paid[at]!.value ?? ''), provider: paid[at]!.source?.provider ?? null }),
    )
    const deps = { api: { answers } as Pick<ProxyApi, 'answers'>, language: 'zh' as const, learned: createLearned() }
    const found = await fetchDetails(deps, rows, ALL)
    expect(Array.isArray(found) && found.every(({ label }) => label !== '')).toBe(true)
    // Asked of nobody before: not even its rivals are bought.
    await fetchDetails(deps, [row('never asked before')], ALL)
    expect(await house.balance()).toBe(before)
    expect(before).toBe(100 - texts.length)
  } finally {
    await upstreams.close()
    await house.close()
  }
})

const SETUP: RunSetup = {
  sheet: 'S',
  sheetName: 'S',
  firstRow: 1,
  rows: 4,
  headerRow: 0,
  selected: { row: 2, rows: 2 },
  inputs: { ...NO_COLUMNS, description: 0, facts: { ...NO_COLUMNS.facts, material: 1 }, country: 2 },
  country: 'CA',
  outputs: { ...NO_OUTPUTS, code: 3 },
  codeStyle: 'dots',
  scope: 'table',
  overwrite: 'keep',
  language: 'en',
}
const CELLS = new Map([
  [0, ['shirt', '', 'lamp', 'mug']],
  [1, ['cotton; 100%', '', 'x'.repeat(200), '']],
  [2, ['', '', '美国', 'Atlantis']],
  [3, ['', '', '', '6912.00']],
])

test('facts are carried as options can hold them, and countries as they are known or as they stand', () => {
  const plan = planRun(SETUP, CELLS, null)
  if (isFailure(plan)) throw new Error('not planned')
  expect(plan.rows.map(({ goods }) => goods.country)).toEqual(['CA', 'US'])
  for (const { goods } of plan.rows) expect(isFailure(parseOptions(optionsOf(goods.facts)))).toBe(false)
  expect(plan.rows[0]!.goods.facts.material).toBe('cotton 100%')
  expect(plan).toMatchObject({ blanks: 1, keptRows: 1, filledCells: 1 })
})

test.each([
  ['selected', [2]],
  ['blanks', [0, 2]],
  ['test', [0, 2]],
] as const)('scope %s takes the rows it says', (scope, ats) => {
  const plan = planRun({ ...SETUP, scope }, CELLS, null)
  expect(isFailure(plan) || plan.rows.map(({ at }) => at)).toEqual(ats)
})

test('more than 50,000 rows are refused before anything is asked', () => {
  const rows = 50_001
  const cells = new Map([[0, Array.from({ length: rows }, (_, at) => `shirt ${at}`)]])
  const setup = { ...SETUP, rows, inputs: { ...NO_COLUMNS, description: 0 } }
  const plan = planRun(setup, cells, null)
  expect(isFailure(plan) && plan.failed).toBe('too-many-rows-selected')
})
