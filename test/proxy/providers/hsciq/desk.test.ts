import sharp, { type Sharp } from 'sharp'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ProviderError } from '../../../../proxy/providers/provider.ts'
import type { ConsultationDraft, ExpertDesk } from '../../../../proxy/providers/upstream.ts'
import { makeBitmap } from '../../../upstreams/picture-bytes.ts'
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
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const plain = (width = 60, height = 40): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#c04020' } })
let png: Uint8Array
beforeAll(async () => {
  png = await plain().png().toBuffer()
})
/** Bytes of the pictures that HSCIQ was sent last. */
const sentPictures = () =>
  (house.lastArguments() as { images: { data: string }[] }).images.map(({ data }) => Buffer.from(data, 'base64'))
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
    const { form, imageUrls } = await created([png, await plain().jpeg().toBuffer(), await plain().webp().toBuffer()])
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
    expect(await desk.create(draft([png]), soon())).toEqual({
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
    expect(await refused([png, png, png, png])).toEqual(failed('too-many-pictures', { count: 4, max: 3 }))
    expect(await refused([new Uint8Array(8_000_001).fill(0xff)])).toEqual(failed('image-too-large'))
    expect(await refused([png, makeBitmap(60, 50)])).toEqual(failed('not-a-picture'))
    for (const text of ['', 'BM', '<svg/>', 'RIFF....WAVE', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'GIF89a']) {
      expect(await refused([png, bytes(text)])).toEqual(failed('not-a-picture'))
    }
    expect(await refused([png.subarray(0, png.length >> 1)])).toEqual(failed('not-a-picture'))
    expect(await desk.create(draft([], { productNameCn: ' ' }), soon())).toEqual(failed('no-words'))
    expect(house.simulator.requests).toEqual([])
  })

  test('for want of time is not sent, and surely was not made', async () => {
    expect(await desk.create(draft([png]), AbortSignal.abort())).toEqual(failed('provider-timeout'))
    expect(house.simulator.requests).toEqual([])
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
    await desk.create({ ...draft([png]), isPaid: true, qq: '1' } as ConsultationDraft, soon())
    expect(house.lastArguments()).toEqual({
      productNameCn: '智能手机壳',
      images: [{ fileName: '0.jpg', data: expect.any(String) as string }],
    })
  })

  test('publishes no author, place or camera of a photograph, and no word behind its pixels', async () => {
    const photograph = await plain(200, 100)
      .withExif({
        IFD0: { Artist: 'Somebody At Home', Make: 'HiddenCamera' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
      })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><hidden>Somebody At Home</hidden></x:xmpmeta>')
      .jpeg()
      .toBuffer()
    expect((await sharp(photograph).metadata()).exif).toBeDefined()
    const commented = await plain(200, 100)
      .withExif({ IFD0: { Artist: 'Somebody At Home' } })
      .png()
      .toBuffer()
    await created([photograph, commented, Buffer.concat([photograph, Buffer.from('Somebody At Home')])])
    for (const sent of sentPictures()) {
      const { format, width, height, exif, xmp, iptc, icc } = await sharp(sent).metadata()
      expect({ format, width, height }).toEqual({ format: 'jpeg', width: 200, height: 100 })
      expect([exif, xmp, iptc, icc]).toEqual([undefined, undefined, undefined, undefined])
      for (const hidden of ['Somebody', 'HiddenCamera', 'Exif', 'GPS']) expect(sent.includes(hidden)).toBe(false)
    }
  })

  test('has its pictures brought to one megabyte each, whatever they show', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    const large = await sharp({ create: { width: 2800, height: 2100, channels: 3, background: '#000', noise } })
      .jpeg({ quality: 60 })
      .toBuffer()
    expect(large.length).toBeGreaterThan(1024 * 1024)
    expect(await created([large])).toMatchObject({ imageUrls: [expect.any(String)] })
    expect(sentPictures()[0]!.length).toBeLessThanOrEqual(1024 * 1024)
    expect(sentPictures()[0]!.length).toBeGreaterThan(100_000)
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
    expect(await desk.create(draft([png]), soon())).toMatchObject({ imageUrls: ['http://www.hsciq.com/a.png'] })
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
