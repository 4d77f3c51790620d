/** Every provider through the whole house: what one cell is shown, what it costs, and that it is remembered. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createJuhe } from '../../../proxy/providers/juhe/index.ts'
import { EMBEDDED_NAME, type LookupInquiry } from '../../../proxy/providers/provider.ts'
import type { UpstreamName } from '../../../proxy/providers/upstream.ts'
import { UPSTREAMS } from '../../../proxy/providers/upstreams.ts'
import { FAILURES } from '../../../shared/error-codes.ts'
import type { CellValue } from '../../../shared/tariff-code.ts'
import { question } from '../../hosts/test-house.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import { everythingIn } from '../../upstreams/call-faults.ts'
import type { Simulator } from '../../upstreams/simulator.ts'
import { CASES } from './contract-cases.ts'

const POINTS = 1000

/** One cell of each upstream, written without its options. */
const CELLS: Readonly<Record<UpstreamName, readonly [fn: string, ...args: CellValue[]]>> = {
  jiayou: ['HSCODE', 'cotton t-shirt', 'CA'],
  hsciq: ['HSCODE', 'bicycle', 'CN'],
  glopal: ['HSCODE', 'Signature Handbag', 'FR'],
  tradewind: ['HSTRADE', '610910', 'exporter', '', ''],
  juhe: ['HSIMAGE', 'https://pictures.example/a.png'],
}

let house: UpstreamHouse
let simulators: Partial<Record<UpstreamName, Simulator>>

beforeEach(async () => {
  // Pictures come from the test: no address leads out of it.
  const [image] = await CASES.juhe.good(null as never)
  const { picture } = image as LookupInquiry
  const upstreams = UPSTREAMS.map((upstream) =>
    upstream.name === 'juhe' ? createJuhe(async () => picture!) : upstream,
  )
  house = await openUpstreamHouse({ points: POINTS, upstreams })
  simulators = {}
})
afterEach(async () => {
  await house.close()
  await Promise.all(Object.values(simulators).map((simulator) => simulator.close()))
})

async function connect(name: UpstreamName): Promise<Simulator> {
  const one = CASES[name]
  const simulator = await one.start()
  simulators[name] = simulator
  await house.connect(name, one.credential, simulator.url)
  return simulator
}

describe.each(UPSTREAMS.map(({ name }) => name))('a cell over %s', (name) => {
  const cell = () => question(...CELLS[name])

  test('is answered, charged once, remembered, and names its source and edition', async () => {
    const simulator = await connect(name)
    const [first, ...rest] = await house.ask([cell(), cell()])
    expect(first!.error).toBeUndefined()
    expect(first!.value ?? first!.table).toBeDefined()
    expect(first!.source).toMatchObject({ provider: name, cached: false })
    expect(first!.source!.edition).toMatch(new RegExp(`^${name}, asked 2026-11`))
    expect([first!, ...rest].reduce((points, answer) => points + answer.points, 0)).toBe(1)

    const sent = simulator.requests.length
    const [again] = await house.ask([cell()])
    expect(again).toMatchObject({ points: 0, source: { provider: name, cached: true } })
    expect(again!.value).toEqual(first!.value)
    expect(again!.table).toEqual(first!.table)
    expect(simulator.requests).toHaveLength(sent)
    expect(await house.balance()).toBe(POINTS - 1)
    expect(await house.spent()).toBe(1)
    expect(await house.openHolds()).toBe(0)
  })

  test('is answered by it when it is asked for by name, whoever else is connected', async () => {
    for (const each of UPSTREAMS) await connect(each.name)
    const [answer] = await house.ask([question(...CELLS[name], `provider=${name}`)])
    expect(answer!.error).toBeUndefined()
    expect(answer!.source).toMatchObject({ provider: name })
    const asked = Object.entries(simulators).filter(([, { requests }]) => requests.length > 0)
    expect(asked.map(([each]) => each)).toEqual([name])
  })

  test('that fails costs nothing, and its credential stands nowhere', async () => {
    const simulator = await connect(name)
    simulator.faultAlways({ kind: 'status', status: 401 })
    const answers = await house.ask([cell()])
    expect(answers[0]!.error).toMatchObject({ code: 'TC-510' })
    expect(await house.balance()).toBe(POINTS)
    expect(await house.openHolds()).toBe(0)
    const everything = everythingIn([answers, house.logged])
    for (const secret of Object.values(CASES[name].credential)) expect(everything).not.toContain(secret)
  })
})

test('an expert’s conclusion is read for nothing, by the workspace that asked', async () => {
  await connect('hsciq')
  const { consultations } = house.house
  const [asker, stranger] = house.askers
  const draft = { productNameCn: '自行车', images: [] }
  const made = await consultations.create(asker, { requestId: 'request-0001', confirm: true }, draft)
  if ('failed' in made) throw new Error(made.failed)
  const [answer] = await house.ask([question('HSEXPERT', made.form, 'status')])
  expect(answer).toMatchObject({ value: 'created', points: 0, source: { provider: 'hsciq' } })
  expect(await house.balance()).toBe(POINTS)
  const [refused] = await house.ask([question('HSEXPERT', made.form, 'status')], stranger)
  expect(refused!.error!.code).toBe(FAILURES['form-unknown'].code)
})

test('a cell over the provider in the house is free, also by name beside an upstream', async () => {
  const [alone] = await house.ask([question('HSCODE', 'cotton t-shirt', 'CA')])
  expect(alone).toMatchObject({ points: 0, source: { provider: EMBEDDED_NAME } })
  expect(alone!.source!.edition).toMatch(/HS2022 lexicon .*T2026/)
  const simulator = await connect('jiayou')
  const [named] = await house.ask([question('HSCODE', 'cotton t-shirt', 'CA', 'provider=embedded')])
  expect(named).toMatchObject({ value: alone!.value, points: 0, source: { provider: EMBEDDED_NAME } })
  expect(simulator.requests).toEqual([])
  expect(await house.balance()).toBe(POINTS)
})
