import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { printTimestamp, signLogin } from '../../proxy/providers/glopal/sign.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { GLOPAL_CREDENTIAL, startGlopalSimulator, type GlopalSimulator } from './glopal.ts'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(rootFolder(), 'test', 'fixtures', 'glopal', `${name}.json`), 'utf8'))

let simulator: GlopalSimulator
beforeEach(async () => {
  simulator = await startGlopalSimulator()
})
afterEach(() => simulator.close())

describe('the simulated Glopal', () => {
  const call = (headers: Record<string, string>, body: unknown, path = '/tcc/classify', method = 'POST') =>
    fetch(simulator.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    })
  const signed = (timestamp = printTimestamp(Date.now())): Record<string, string> => ({
    'x-login': GLOPAL_CREDENTIAL.login,
    'x-timestamp': timestamp,
    'x-signature': signLogin(GLOPAL_CREDENTIAL.login, timestamp, GLOPAL_CREDENTIAL.secret),
  })

  test('answers the document’s example as the document does', async () => {
    const reply = (await (await call(signed(), fixture('classify-request'))).json()) as Record<string, unknown[]>
    const documented = fixture('classify-reply') as { products: Record<string, unknown>[] }
    expect(reply.products![0]).toMatchObject({ title: 'Signature Handbag', accuracy: 0.9826, hs_code: '420221' })
    expect(Object.keys(reply.products![0] as object).sort()).toEqual(Object.keys(documented.products[0]!).sort())
  })

  test('refuses what is not signed, not posted, not there, or asks nothing', async () => {
    const products = fixture('classify-request')
    const unsigned = { ...signed(), 'x-signature': 'f'.repeat(64) }
    expect((await call(unsigned, products)).status).toBe(401)
    expect((await call({}, products)).status).toBe(400)
    // What the document's sample makes of a whole second.
    expect((await call(signed('16800102950000000'), products)).status).toBe(400)
    expect((await call(signed(), products, '/tcc/classify', 'GET')).status).toBe(405)
    expect((await call(signed(), products, '/tcc/other')).status).toBe(404)
    expect((await call(signed(), { args: { products: [] } })).status).toBe(400)
    expect(simulator.books).toEqual({ calls: 0, classified: 0 })
  })

  test('gives the same text the same answer, and a text without words an error of its own', async () => {
    const body = { args: { products: [{ title: 'lamp', description: 'lamp' }, { title: '' }] } }
    const [first, second] = await Promise.all(
      [1, 2].map(async () => (await call(signed(), body)).json() as Promise<{ products: { error: number }[] }>),
    )
    expect(first).toEqual(second)
    expect(first!.products.map(({ error }) => error)).toEqual([0, 1])
  })
})
