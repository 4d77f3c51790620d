import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ProviderError } from '../../../../proxy/providers/provider.ts'
import type { ConsultationDraft, ExpertDesk } from '../../../../proxy/providers/upstream.ts'
import { openHsciq, type OpenHsciq } from './open-hsciq.ts'

let house: OpenHsciq
let desk: ExpertDesk
beforeEach(async () => {
  house = await openHsciq()
  desk = house.connected.desk!
})
afterEach(() => house.close())

const failed = (name: string, details: object = {}) => ({ failed: name, details: expect.objectContaining(details) })
const soon = () => AbortSignal.timeout(10_000)
const bytes = (text: string, length = 64) => Uint8Array.from(Buffer.from(text.padEnd(length, '.'), 'latin1'))
const PNG = bytes('\x89PNG\r\n\x1a\n')
const draft = (images: Uint8Array[] = [], more: Partial<ConsultationDraft> = {}): ConsultationDraft => ({
  productNameCn: '智能手机壳',
  images: images.map((each, at) => ({ fileName: `/home/someone/${at}.png`, bytes: each })),
  ...more,
})
const created = async (images?: Uint8Array[]) => {
  const reply = await desk.create(draft(images), soon())
  if ('failed' in reply) throw new Error(reply.failed)
  return reply
}
const formsSent = () =>
  house.simulator.requests.filter(({ json }) => JSON.stringify(json).includes('create_guilei_form'))

describe('a consultation', () => {
  test('is created, talked about, concluded', async () => {
    const { form, imageUrls } = await created([PNG, bytes('\xff\xd8\xff'), bytes('RIFF....WEBP')])
    expect(imageUrls).toHaveLength(3)
    expect(imageUrls[0]).toMatch(/^https:\/\/www\.hsciq\.com\/uploads\/guilei\//)
    expect(await house.ask('HSEXPERT', form)).toEqual({ kind: 'value', value: 'created' })

    const dialog = house.simulator.expertAsks(form, 'Ingredients', '<b>材质</b>？')
    expect(await house.ask('HSEXPERT', form, 'status')).toEqual({ kind: 'value', value: 'open' })
    expect(await house.ask('HSEXPERT', form, 'code')).toEqual(failed('form-open', { status: 'open' }))
    const reply = { form, field: 'Ingredients', text: '硅胶', dialog }
    expect(await desk.write(reply, soon())).toEqual({ dialog })
    const other = await desk.write({ form, field: 'Uses', text: '保护' }, soon())
    expect(other).not.toEqual({ dialog })

    house.simulator.conclude(form, '3926.90.9090', '塑料制品')
    expect(await house.ask('HSEXPERT', form, 'status')).toEqual({ kind: 'value', value: 'concluded' })
    expect(await house.ask('HSEXPERT', form, 'code')).toEqual({ kind: 'value', value: '3926909090' })
    expect(await house.ask('HSEXPERT', form, 'reason')).toEqual({ kind: 'value', value: '塑料制品' })
    expect(await desk.read(form, soon())).toMatchObject({
      form,
      product: '智能手机壳',
      status: 'concluded',
      createdAt: '2026-05-08T10:30:00',
      code: '3926909090',
      reason: '塑料制品',
      dialogs: [
        {
          id: dialog,
          field: 'Ingredients',
          messages: [
            { from: 'expert', text: '材质？' },
            { from: 'user', text: '硅胶' },
          ],
        },
        { field: 'Uses', messages: [{ from: 'user', text: '保护' }] },
      ],
    })
  })

  test('of the document’s examples reads the text of its creation and the number of the list', async () => {
    const form = 'a1b2c3d4-0000-4000-8000-000000000001'
    house.replyNext('form-created')
    expect(await desk.create(draft([PNG]), soon())).toEqual({
      form,
      imageUrls: ['https://www.hsciq.com/uploads/guilei/front.jpg'],
    })
    house.replyNext('form-list')
    expect(await desk.list({ index: 1, size: 20 }, soon())).toEqual({
      total: 3,
      items: [
        {
          form,
          product: '智能手机壳',
          status: 'created',
          createdAt: '2026-05-08T10:30:00',
          code: null,
          reason: null,
          dialogs: [],
        },
      ],
    })
  })

  test('that nobody made is unknown, to read and to write', async () => {
    const form = 'ffffffff-0000'
    expect(await house.ask('HSEXPERT', form)).toEqual(failed('form-unknown', { form }))
    expect(await desk.read(form, soon())).toEqual(failed('form-unknown', { form }))
    house.simulator.fault({ kind: 'status', status: 404, body: '{"ok":false,"error":"form_not_found"}' }, 2)
    expect(await desk.read(form, soon())).toEqual(failed('form-unknown', { form }))
    expect(await desk.write({ form, field: 'Uses', text: 'x' }, soon())).toEqual(failed('form-unknown', { form }))
    const mine = await created()
    house.simulator.fault({ kind: 'rewrite', rewrite: () => ({ ok: true, toolName: 'get_guilei_form', data: null }) })
    expect(await desk.read(mine.form, soon())).toEqual(failed('form-unknown', { form: mine.form }))
  })

  test('is never somebody else’s', async () => {
    const [mine, theirs] = [await created(), await created()]
    house.simulator.fault({
      kind: 'rewrite',
      rewrite: (reply) => JSON.parse(JSON.stringify(reply).replaceAll(mine.form, theirs.form)) as unknown,
    })
    expect(await desk.read(mine.form, soon())).toEqual(failed('form-unknown'))
  })

  test('whose conclusion names no code says so, and keeps its reason', async () => {
    const { form } = await created()
    house.simulator.conclude(form, '=1+1', '<i>see</i> chapter 39')
    expect(await house.ask('HSEXPERT', form, 'code')).toEqual(failed('upstream-code-broken', { value: "'=1+1" }))
    expect(await house.ask('HSEXPERT', form, 'reason')).toEqual({ kind: 'value', value: 'see chapter 39' })
    expect(await desk.read(form, soon())).toMatchObject({ status: 'concluded', code: null })
  })
})

describe('the list', () => {
  test('has pages, the newest first, and a bad item leaves its neighbours alone', async () => {
    const forms = [await created(), await created(), await created()].map(({ form }) => form)
    const listed = async (index: number) => {
      const { items, total } = await desk.list({ index, size: 2 }, soon())
      return { total, forms: items.map(({ form }) => form) }
    }
    expect(await listed(1)).toEqual({ total: 3, forms: [forms[2], forms[1]] })
    expect(await listed(2)).toEqual({ total: 3, forms: [forms[0]] })
    house.replyNext('form-list', ({ data }) => {
      const items = data['items'] as unknown[]
      items.unshift(null, 7, { id: '<script>' }, { id: 'abcd', productNameCn: '=1', status: 9, isFinalized: true })
    })
    const { items } = await desk.list({ index: 1, size: 20 }, soon())
    expect(items.map(({ product, status }) => [product, status])).toEqual([
      ["'=1", 'concluded'],
      ['智能手机壳', 'created'],
    ])
  })

  test('that is refused is an error with its failure', async () => {
    house.simulator.fault({ kind: 'status', status: 400, body: '{"ok":false,"error":"invalid_params"}' })
    await expect(desk.list({ index: 1, size: 20 }, soon())).rejects.toMatchObject({
      failure: failed('provider-failed'),
    })
  })
})

describe('what HSCIQ would refuse', () => {
  test('is refused before it is sent: pictures too many, too large, or none', async () => {
    const refused = async (images: Uint8Array[]) => desk.create(draft(images), soon())
    expect(await refused([PNG, PNG, PNG, PNG])).toEqual(failed('too-many-pictures', { count: 4, max: 3 }))
    expect(await refused([bytes('\x89PNG\r\n\x1a\n', 1024 * 1024 + 1)])).toEqual(failed('image-too-large'))
    expect(await refused([PNG, bytes('BM')])).toEqual(failed('not-a-picture'))
    expect(await refused([new Uint8Array()])).toEqual(failed('not-a-picture'))
    expect(await desk.create(draft([], { productNameCn: ' ' }), soon())).toEqual(failed('no-words'))
    expect(house.simulator.requests).toEqual([])
    expect(await created([bytes('\x89PNG\r\n\x1a\n', 1024 * 1024)])).toMatchObject({ imageUrls: [expect.anything()] })
  })

  test('for its quota is the quota’s failure: five forms a day', async () => {
    for (let count = 0; count < 5; count++) await created()
    expect(await desk.create(draft(), soon())).toEqual(failed('upstream-quota', { provider: 'hsciq' }))
    house.simulator.newDay()
    await created()
  })

  test('is told apart from what it does not take', async () => {
    const { form } = await created()
    expect(await desk.write({ form, field: 'Nonsense', text: 'x' }, soon())).toEqual(failed('provider-failed'))
  })
})

describe('a form', () => {
  test('carries no folder of somebody’s machine and nothing that was not asked for', async () => {
    await desk.create({ ...draft([PNG]), isPaid: true, qq: '1' } as ConsultationDraft, soon())
    expect(house.lastArguments()).toEqual({
      productNameCn: '智能手机壳',
      images: [{ fileName: '0.png', data: Buffer.from(PNG).toString('base64') }],
    })
  })

  test('whose outcome is unknown is sent once, and the failure says to look first', async () => {
    const troubles = [
      { kind: 'reset-after' },
      { kind: 'truncated' },
      { kind: 'reset' },
      { kind: 'html' },
      { kind: 'status', status: 500, body: '{"ok":false,"error":"internal_error"}' },
    ] as const
    for (const [at, trouble] of troubles.entries()) {
      house.simulator.fault(trouble)
      const reply = await desk.create(draft(), soon())
      expect(reply).toEqual(failed('outcome-unknown', { provider: 'hsciq' }))
      expect(formsSent()).toHaveLength(at + 1)
    }
    house.simulator.fault({ kind: 'timeout-after' })
    expect(await desk.create(draft(), AbortSignal.timeout(200))).toEqual(failed('outcome-unknown'))
    expect(formsSent()).toHaveLength(troubles.length + 1)
    expect(house.simulator.books.forms).toHaveLength(3)
  })

  test('that is confirmed without its data may have been made, and so may a message', async () => {
    const { form } = await created()
    house.simulator.faultAlways(() => ({ kind: 'rewrite', rewrite: (reply) => ({ ...(reply as object), data: null }) }))
    expect(await desk.create(draft(), soon())).toEqual(failed('outcome-unknown', { provider: 'hsciq' }))
    expect(await desk.write({ form, field: 'Uses', text: 'x' }, soon())).toEqual(failed('outcome-unknown'))
    house.simulator.faultAlways(null)
    expect(house.simulator.books.forms.map(({ dialogs }) => dialogs.length)).toEqual([1, 0])
  })

  test('that surely was not made has the failure of its refusal', async () => {
    house.simulator.fault({ kind: 'status', status: 503 })
    expect(await desk.create(draft(), soon())).toEqual(failed('provider-busy'))
    house.simulator.fault({ kind: 'status', status: 401, body: '{"error":"api_key_expired"}' })
    expect(await desk.create(draft(), soon())).toEqual(failed('upstream-key-refused'))
  })

  test('some of whose pictures were not kept is made, and the log has the count', async () => {
    house.replyNext('form-created', ({ data }) =>
      Object.assign(data, { imageCount: 0, imageUrls: ['javascript:alert(1)', 7, 'http://www.hsciq.com/a.png'] }),
    )
    expect(await desk.create(draft([PNG]), soon())).toMatchObject({ imageUrls: ['http://www.hsciq.com/a.png'] })
    expect(house.logged).toEqual([{ details: { provider: 'hsciq', sent: 1, kept: 0 }, message: expect.any(String) }])
  })

  test('is written to once as well', async () => {
    const { form } = await created()
    house.simulator.fault({ kind: 'reset-after' })
    const written = await desk.write({ form, field: 'Uses', text: 'x' }, soon())
    expect(written).toEqual(failed('outcome-unknown'))
    expect(house.simulator.books.forms[0]!.dialogs).toHaveLength(1)
  })

  test('is read again without harm: a lost reply may be asked for once more', async () => {
    const { form } = await created()
    house.simulator.fault({ kind: 'reset' })
    const error = await desk.read(form, soon()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({ mayHaveBeenDone: false })
  })
})
