/** Whatever is sent to a route that reads a body: an answer within seconds, and never a fault of ours. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'
import { methodOf, openWalledHouse, pathOf, WALLS, type Wall, type WalledHouse } from '../../hosts/walls.ts'

const ANSWERED_WITHIN_MS = 15_000
const RUNS = 40
// The expert desk may refuse what is written to it.
const SAID_BY_AN_UPSTREAM = /"code":"TC-(?:50[234]|51\d)"/

let walled: WalledHouse
let proxy: TestProxy
beforeAll(async () => {
  walled = await openWalledHouse()
  proxy = await startTestProxy({ ...walled.house, ...walled }, { forwarded: true })
})
afterAll(async () => {
  await proxy.close()
  await walled.close()
})

interface Sent {
  body: string | Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => new Uint8Array(array))
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', '\u0000', '\ud800', 1e308, -0, 2 ** 53, null),
  fc.string({ unit: 'binary' }),
)

/** A body that would do, with one field changed, added or left out. */
function nearly(body: Record<string, unknown>): fc.Arbitrary<string> {
  const field = fc.oneof(fc.constantFrom(...Object.keys(body)), fc.string())
  return fc.tuple(field, fc.option(value)).map(([name, changed]) => {
    const { [name]: _, ...rest } = body
    return JSON.stringify(changed === null ? rest : { ...rest, [name]: changed })
  })
}

/** A file that would do, with something put in. */
function nearlyCsv(csv: string): fc.Arbitrary<string> {
  const inserted = fc.oneof(
    fc.constantFrom('"', '\n', ',', ';', '\t', '\r', '=', '\u0000'),
    fc.string({ unit: 'binary' }),
  )
  return fc.tuple(fc.nat(csv.length), inserted).map(([at, text]) => csv.slice(0, at) + text + csv.slice(at))
}

function anything(wall: Wall): fc.Arbitrary<Sent> {
  const type = fc.constantFrom(
    'application/json',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'text/plain',
    'text/csv',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    ';;;',
  )
  const close =
    wall.csv === undefined
      ? fc.record({ body: nearly(wall.body!) })
      : fc.record({ body: nearlyCsv(wall.csv), type: fc.constant('text/csv') })
  const encoding = fc.constantFrom('identity', 'gzip', 'br', 'deflate', 'nonsense')
  return fc
    .oneof(
      { weight: 2, arbitrary: fc.record({ body: bytes, type, encoding }) },
      { weight: 1, arbitrary: fc.record({ body: fc.json(), type }) },
      { weight: 4, arbitrary: close },
    )
    .map(({ body, ...how }) => {
      const { type = 'application/json', encoding = 'identity' } = how as { type?: string; encoding?: string }
      return {
        body,
        headers: { 'Content-Type': type, ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }) },
      }
    })
}

describe('random bytes and random JSON', () => {
  const walls = WALLS.filter(({ body, csv }) => body ?? csv).map((wall): [string, Wall] => [wall.route, wall])

  test.each(walls)(
    'at %s are answered, and with no fault of ours',
    async (_, wall) => {
      const { one } = walled
      const id = await walled.objectOf(wall, one)
      await fc.assert(
        fc.asyncProperty(anything(wall), async ({ body, headers }) => {
          // An owner of its own: a token that was replaced by such a body would see nothing but 403.
          const owner = await walled.house.seats.createSeat({ ...one, name: 'x', role: 'owner', dailyCapPoints: 0 })
          const response = await fetch(proxy.url + pathOf(wall, id), {
            method: methodOf(wall),
            headers: { ...headers, Authorization: `Bearer ${owner.token}` },
            body,
            signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
          })
          const text = await response.text()
          if (response.status >= 400) expect(text).toMatch(/TC-\d{3}/)
          if (!SAID_BY_AN_UPSTREAM.test(text)) expect(response.status, text).toBeLessThan(500)
        }),
        { numRuns: RUNS },
      )
    },
    60_000,
  )
})
