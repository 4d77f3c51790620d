/** The expert desk and pictures over HTTP: the real app, the whole house, simulated HSCIQ and Juhe. */
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswersReply } from '../../../shared/protocol.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'
import { openUpstreamHouse, type UpstreamHouse } from '../../hosts/upstream-house.ts'
import { HSCIQ_KEY, startHsciqSimulator, type HsciqSimulator } from '../../upstreams/hsciq.ts'
import { JUHE_TEST_KEY, startJuheSimulator, type JuheSimulator } from '../../upstreams/juhe.ts'

let hsciq: HsciqSimulator
let juhe: JuheSimulator
let house: UpstreamHouse
let proxy: TestProxy

beforeEach(async () => {
  hsciq = await startHsciqSimulator()
  juhe = await startJuheSimulator()
  house = await openUpstreamHouse({ points: 100 })
  await house.connect('hsciq', { key: HSCIQ_KEY }, hsciq.url)
  await house.connect('juhe', { key: JUHE_TEST_KEY }, juhe.url)
  proxy = await startTestProxy({ ...house.house, askers: house.askers, ownerTokens: house.ownerTokens })
})
afterEach(async () => {
  await proxy.close()
  await house.close()
  await hsciq.close()
  await juhe.close()
})

interface Reply {
  status: number
  body: Record<string, unknown> & { error?: { code: string; message: string } }
}

const as = (who: 0 | 1): Record<string, string> => ({ Authorization: `Bearer ${house.ownerTokens[who]}` })
const post = async (path: string, body: unknown, who: 0 | 1 = 0): Promise<Reply> =>
  read(await proxy.post(path, body, as(who)))
const get = async (path: string, who: 0 | 1 = 0): Promise<Reply> => read(await proxy.get(path, as(who)))
async function read(response: Response): Promise<Reply> {
  return { status: response.status, body: (await response.json()) as Reply['body'] }
}
const expert = async (form: string, field: string, who: 0 | 1 = 0, options = '') => {
  const questions = [{ id: 'e', fn: 'HSEXPERT', args: [form, field, options] }]
  const { body } = await post('/v1/answers', { questions }, who)
  const { answers } = body as unknown as AnswersReply
  return answers[0]!.value ?? answers[0]!.error!.code
}

const draft = { requestId: 'first', confirm: true, productNameCn: '智能手机壳', ingredients: '硅胶' }

describe('a consultation', () => {
  test('is made only when it is confirmed, and once for the same request', async () => {
    const unconfirmed = await post('/v1/consultations', { ...draft, confirm: false })
    expect(unconfirmed).toMatchObject({ status: 409, body: { error: { code: 'TC-148' } } })
    expect(hsciq.books.forms).toHaveLength(0)
    const made = await post('/v1/consultations', draft)
    expect(made.status).toBe(201)
    const again = await Promise.all([post('/v1/consultations', draft), post('/v1/consultations', draft)])
    expect(again.map(({ body }) => body.form)).toEqual([made.body.form, made.body.form])
    expect(hsciq.books.forms).toHaveLength(1)
    expect(await house.balance()).toBe(100)
  })

  test('of two equal requests at once is made once', async () => {
    const both = await Promise.all([post('/v1/consultations', draft), post('/v1/consultations', draft)])
    // The other one is told that it is under way, or, where the first was done before it looked, which form it made.
    const made = both.filter(({ status }) => status === 201)
    expect(both.every(({ status }) => status === 201 || status === 409)).toBe(true)
    expect(new Set(made.map(({ body }) => body.form)).size).toBe(1)
    expect(hsciq.books.forms).toHaveLength(1)
  })

  test('shows its status, then the code and the reason of the expert, in the desk and in the cell', async () => {
    const form = String((await post('/v1/consultations', draft)).body.form)
    expect(await expert(form, 'status')).toBe('created')
    expect(await expert(form, 'code')).toBe('TC-235')
    hsciq.conclude(form, '3926909090', '=塑料制品')
    // A sheet that recalculates does not use up the day's quota: for a minute the case stands as it was.
    const asked = hsciq.requests.length
    expect(await expert(form, 'status')).toBe('created')
    expect(hsciq.requests).toHaveLength(asked)
    expect(await expert(form, 'status', 0, 'fresh=1')).toBe('concluded')
    expect(await expert(form, 'code', 0, 'fresh=1')).toBe('3926909090')
    expect(await expert(form, 'reason')).toBe("'=塑料制品")
    expect((await get(`/v1/consultations/${form}`)).body).toMatchObject({
      form,
      code: '3926909090',
      status: 'concluded',
    })
    expect(await house.balance()).toBe(100)
  })

  test('whose confirmed code is in no tariff is an error', async () => {
    const form = String((await post('/v1/consultations', draft)).body.form)
    hsciq.conclude(form, '3926909999', 'x')
    expect(await expert(form, 'code')).toBe('TC-231')
  })

  test('is nobody else’s: another workspace neither lists, reads, answers nor asks a cell for it', async () => {
    const form = String((await post('/v1/consultations', draft)).body.form)
    expect((await get('/v1/consultations', 0)).body.consultations).toMatchObject([{ form, product: '智能手机壳' }])
    expect((await get('/v1/consultations', 1)).body.consultations).toEqual([])
    expect(await get(`/v1/consultations/${form}`, 1)).toMatchObject({
      status: 404,
      body: { error: { code: 'TC-234' } },
    })
    const message = { field: 'Ingredients', text: '不含阻燃剂', confirm: true }
    expect(await post(`/v1/consultations/${form}/messages`, message, 1)).toMatchObject({ status: 404 })
    expect(await expert(form, 'status', 1)).toBe('TC-234')
    expect(hsciq.books.forms[0]!.dialogs).toHaveLength(0)
  })

  test('through a workspace’s own credential shows all forms of that credential', async () => {
    const form = String((await post('/v1/consultations', draft)).body.form)
    await house.connect('hsciq', { key: HSCIQ_KEY }, hsciq.url, house.askers[1].workspaceId)
    expect((await get('/v1/consultations', 1)).body.consultations).toMatchObject([{ form }])
  })

  test('takes messages that are confirmed, as a new dialog or as a reply', async () => {
    const form = String((await post('/v1/consultations', draft)).body.form)
    const message = { field: 'Ingredients', text: '不含阻燃剂' }
    expect(await post(`/v1/consultations/${form}/messages`, message)).toMatchObject({ status: 409 })
    const written = await post(`/v1/consultations/${form}/messages`, { ...message, confirm: true })
    expect(written.status).toBe(201)
    await post(`/v1/consultations/${form}/messages`, { ...message, confirm: true, dialog: written.body.dialog })
    const { body } = await get(`/v1/consultations/${form}`)
    expect(body.dialogs).toMatchObject([{ field: 'Ingredients', messages: [{}, { text: '不含阻燃剂' }] }])
  })

  test('whose reply was lost is not made again: it is listed, and found at the desk', async () => {
    hsciq.fault({ kind: 'reset-after' })
    expect(await post('/v1/consultations', draft)).toMatchObject({ status: 502, body: { error: { code: 'TC-517' } } })
    const again = await post('/v1/consultations', draft)
    expect(again).toMatchObject({ status: 201, body: { form: hsciq.books.forms[0]!.id } })
    expect((await get('/v1/consultations')).body.consultations).toMatchObject([
      { form: again.body.form, status: 'created' },
    ])
    expect(hsciq.books.forms).toHaveLength(1)
  })

  test('that never reached the desk stays listed as unconfirmed, and the same request says so', async () => {
    hsciq.fault({ kind: 'reset' })
    await post('/v1/consultations', draft)
    expect(await post('/v1/consultations', draft)).toMatchObject({ status: 502, body: { error: { code: 'TC-517' } } })
    expect((await get('/v1/consultations')).body.consultations).toMatchObject([{ form: '', status: 'unconfirmed' }])
  })

  test('of a product two workspaces lost is given to neither', async () => {
    for (const who of [0, 1] as const) {
      hsciq.fault({ kind: 'reset-after' })
      await post('/v1/consultations', draft, who)
    }
    for (const who of [0, 1] as const) {
      expect((await get('/v1/consultations', who)).body.consultations).toMatchObject([
        { form: '', status: 'unconfirmed' },
      ])
    }
  })

  test('that was surely refused may be tried again', async () => {
    hsciq.fault({ kind: 'status', status: 503 })
    expect(await post('/v1/consultations', draft)).toMatchObject({ status: 503 })
    expect(await post('/v1/consultations', draft)).toMatchObject({ status: 201 })
  })

  test.each([
    [{ ...draft, images: Array.from({ length: 4 }, () => ({ fileName: 'a.jpg', data: '/9j/4AAQ' })) }, 'TC-149'],
    [{ ...draft, images: [{ fileName: 'a.jpg', data: Buffer.from('<html>').toString('base64') }] }, 'TC-143'],
    [{ ...draft, productNameCn: '' }, 'TC-131'],
    [{ ...draft, admin: true }, 'TC-131'],
    [{ confirm: true, productNameCn: 'x' }, 'TC-131'],
  ])('with bad content %# is refused before anything is sent', async (body, code) => {
    expect(await post('/v1/consultations', body)).toMatchObject({ body: { error: { code } } })
    expect(hsciq.requests).toHaveLength(0)
  })

  test('needs a token, and not one for single cells', async () => {
    expect((await proxy.get('/v1/consultations', {})).status).toBe(401)
    const { token } = await house.house.seats.createSeat({
      workspaceId: house.askers[0].workspaceId,
      name: 'cell',
      role: 'cell',
      dailyCapPoints: null,
    })
    const headers = { Authorization: `Bearer ${token}` }
    expect((await proxy.get('/v1/consultations', headers)).status).toBe(403)
    expect((await proxy.post('/v1/images', { url: 'https://example.com/a.jpg' }, headers)).status).toBe(403)
  })
})

describe('a picture', () => {
  const jpeg = async (side = 60): Promise<string> =>
    (
      await sharp({ create: { width: side, height: side, channels: 3, background: '#c33' } })
        .jpeg()
        .toBuffer()
    ).toString('base64')

  test('in bytes is named for a point, and for nothing the second time', async () => {
    const image = await jpeg()
    const first = await post('/v1/images', { image, n: 2 })
    expect(first).toMatchObject({ status: 200, body: { points: 1, source: { provider: 'juhe', cached: false } } })
    expect(first.body.table).toHaveLength(2)
    const again = await post('/v1/images', { image: `data:image/jpeg;base64,${image}`, n: 2 })
    expect(again.body).toMatchObject({ points: 0, table: first.body.table, source: { cached: true } })
    expect(juhe.requests).toHaveLength(1)
    expect(await house.balance()).toBe(99)
  })

  test('of another workspace is another question', async () => {
    const image = await jpeg()
    await post('/v1/images', { image }, 0)
    expect((await post('/v1/images', { image }, 1)).body).toMatchObject({ points: 1, source: { cached: false } })
  })

  test.each([
    ['no picture at all', { image: Buffer.from('%PDF-1.7').toString('base64') }, 'TC-143'],
    ['an address in a private range', { url: 'https://192.168.0.1/a.jpg' }, 'TC-141'],
    ['an address of this machine', { url: 'https://[::ffff:127.0.0.1]/a.jpg' }, 'TC-141'],
    ['neither', {}, 'TC-131'],
    ['both', { url: 'https://example.com/a.jpg', image: 'AAAA' }, 'TC-131'],
  ])('that is %s is refused and free', async (_, body, code) => {
    expect(await post('/v1/images', body)).toMatchObject({ body: { error: { code } } })
    expect(juhe.requests).toHaveLength(0)
    expect(await house.balance()).toBe(100)
  })
})
