import sharp from 'sharp'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { JUHE_TEST_KEY, startJuheSimulator, type JuheSimulator } from './juhe.ts'
import { makeBitmap } from './picture-bytes.ts'

let simulator: JuheSimulator
let jpeg: Buffer
beforeAll(async () => {
  jpeg = await draw(80, 60)
})
beforeEach(async () => {
  simulator = await startJuheSimulator({ keys: { [JUHE_TEST_KEY]: 'ok', expired: 10003 }, quota: 2 })
})
afterEach(() => simulator.close())

function draw(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#446688' } })
    .jpeg()
    .toBuffer()
}

async function post(
  body: string,
  type = 'application/x-www-form-urlencoded',
): Promise<{ error_code: number; result: { data: unknown[] } | null }> {
  const response = await fetch(`${simulator.url}/snapshop/query`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  return (await response.json()) as { error_code: number; result: { data: unknown[] } | null }
}

function form(picture: Buffer | string, key = JUHE_TEST_KEY): string {
  const image = typeof picture === 'string' ? picture : encodeURIComponent(picture.toString('base64'))
  return `key=${key}&image=${image}`
}

test('a picture gives products, the same picture the same ones', async () => {
  const [first, second] = [await post(form(jpeg)), await post(form(jpeg))]
  expect(first.error_code).toBe(0)
  expect(first.result?.data).toHaveLength(5)
  expect(second).toEqual(first)
})

test('its books count queries that were answered, and close at the quota', async () => {
  await post(form('bm8gcGljdHVyZQ%3D%3D'))
  expect(simulator.queries.get(JUHE_TEST_KEY)).toBeUndefined()
  const codes = [await post(form(jpeg)), await post(form(jpeg)), await post(form(jpeg))].map(
    (reply) => reply.error_code,
  )
  expect(codes).toEqual([0, 0, 10012])
  expect(simulator.queries.get(JUHE_TEST_KEY)).toBe(2)
})

test('a wrong key and an expired one are refused by their codes', async () => {
  expect((await post(form(jpeg, 'wrong'))).error_code).toBe(10001)
  expect((await post(form(jpeg, 'constructor'))).error_code).toBe(10001)
  expect((await post(form(jpeg, 'expired'))).error_code).toBe(10003)
  expect((await post(`image=${encodeURIComponent(jpeg.toString('base64'))}`)).error_code).toBe(10001)
})

test('only the documented method, path and content type are served', async () => {
  expect((await fetch(`${simulator.url}/snapshop/query`)).status).toBe(405)
  expect((await fetch(`${simulator.url}/query`, { method: 'POST' })).status).toBe(404)
  expect((await post(form(jpeg), 'text/plain')).error_code).toBe(10001)
  expect((await post(JSON.stringify({ key: JUHE_TEST_KEY }), 'application/json')).error_code).toBe(10001)
})

test('a picture must be bare base64, encoded for a form, of a JPEG or BMP within the limits', async () => {
  const png = await sharp(jpeg).png().toBuffer()
  const refused = [
    '',
    `data:image/jpeg;base64,${encodeURIComponent(jpeg.toString('base64'))}`,
    encodeURIComponent(`data:image/jpeg;base64,${jpeg.toString('base64')}`),
    // Not encoded: its "+" and "/" arrive as something else.
    Buffer.concat([jpeg.subarray(0, -2), Buffer.of(0xfb, 0xef, 0xbe), jpeg.subarray(-2)]).toString('base64'),
    png,
    jpeg.subarray(0, -20),
    await draw(47, 60),
    await draw(4097, 60),
    makeBitmap(60, 40),
    Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(2_400_000), jpeg.subarray(-2)]),
  ]
  for (const picture of refused) expect((await post(form(picture))).error_code).toBe(254701)
  expect((await post(form(makeBitmap(60, 48)))).error_code).toBe(0)
  expect(simulator.pictures).toMatchObject([{ format: 'bmp', width: 60, height: 48 }])
})
