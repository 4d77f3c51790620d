import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rootFolder } from '../../proxy/root-folder.ts'
import { startTradewindSimulator, TRADEWIND_CREDENTIAL, type TradewindSimulator } from './tradewind.ts'

type Row = Record<string, unknown>
interface Wrapped {
  data: { data: { list: unknown[]; tradeCount: unknown } }
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(rootFolder(), 'test', 'fixtures', 'tradewind', `${name}.json`), 'utf8'))

let simulator: TradewindSimulator
beforeEach(async () => {
  simulator = await startTradewindSimulator()
})
afterEach(() => simulator.close())

describe('the simulated TradeWind', () => {
  const call = (body: unknown, key: string = TRADEWIND_CREDENTIAL.key, method = 'POST') =>
    fetch(`${simulator.url}/api/customs/analytics/world-regions`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    })

  test('answers the document’s request with the document’s reply', async () => {
    const reply = await call(fixture('world-regions-request'))
    expect(reply.status).toBe(201)
    const documented = fixture('world-regions-reply') as Row
    expect(await reply.json()).toEqual({ ...documented, request_id: expect.stringMatching(/^req_\w{12}$/) })
  })

  test('refuses a wrong key, another method, and a question without role or period, and charges none of it', async () => {
    const question = fixture('world-regions-request') as Row
    expect((await call(question, 'wrong')).status).toBe(401)
    expect((await call(question, undefined, 'GET')).status).toBe(404)
    for (const change of [{ type: 'seller' }, { start_time: '' }, { end_time: '2020-01-01' }]) {
      expect((await call({ ...question, ...change })).status).toBe(400)
    }
    expect(simulator.books).toEqual({ paid: 0, credits: 100 })
  })

  test('gives the same product the same countries, and another role others', async () => {
    const shoes = { ...(fixture('world-regions-request') as Row), product: 'shoes' }
    const read = async (body: object) => ((await (await call(body)).json()) as Wrapped).data.data
    const [first, second, importers] = [
      await read(shoes),
      await read(shoes),
      await read({ ...shoes, type: 'importer' }),
    ]
    expect(first).toEqual(second)
    expect(first.list[0]).toHaveProperty('exporter_country_id')
    expect(importers.list[0]).toHaveProperty('importer_country_id')
    expect(importers.tradeCount).not.toBe(first.tradeCount)
  })
})
