/**
 * juhe as its document says: one form post with a key and a picture, every outcome an error_code under HTTP 200. It reads the body
 * byte by byte, so that a picture that is not URL-encoded, or carries the head of a data URL, is refused as the real one would.
 */
import { createHash } from 'node:crypto'
import { startSimulator, type SimulatedReply, type SimulatedRequest, type Simulator } from './simulator.ts'

export interface JuheOptions {
  /** Key → what it is good for: `ok`, or the error_code it is refused with. */
  keys?: Readonly<Record<string, 'ok' | number>>
  /** Queries a key may make. */
  quota?: number
  /** `width × height` → products, for pictures a test knows. */
  known?: Readonly<Record<string, readonly JuheProduct[]>>
}

export interface JuheProduct {
  skuId: number
  skuName: string
  skuPrice: string
  wareLabel: string
  similarity: number
  imageUrl: string
  detailUrl: string
  detailAppUrl: string
  cid1Name: string
  cid2Name: string
  cid3Name: string
  allImageUrls: string[]
}

export interface JuhePicture {
  format: 'jpeg' | 'bmp'
  width: number
  height: number
  base64Characters: number
  bytes: Buffer
}

export interface JuheSimulator extends Simulator {
  /** Queries that were answered, by key. */
  readonly queries: ReadonlyMap<string, number>
  /** Pictures that were looked at. */
  readonly pictures: readonly JuhePicture[]
}

export const JUHE_TEST_KEY = '00000000000000000000000000000abc'

const BASE64_CHARACTERS_MAX = 3 * 1024 * 1024
const SHORT_SIDE_MIN = 48
const LONG_SIDE_MAX = 4096

const REASONS: Readonly<Record<number, string>> = {
  0: 'success',
  10001: 'wrong key',
  10002: 'key without permission',
  10003: 'key expired',
  10012: 'too many requests',
  254701: 'picture empty, beyond limits or of wrong format',
}

export async function startJuheSimulator(options: JuheOptions = {}): Promise<JuheSimulator> {
  const { keys = { [JUHE_TEST_KEY]: 'ok' }, quota = Infinity, known = {} } = options
  const queries = new Map<string, number>()
  const pictures: JuhePicture[] = []

  const simulator = await startSimulator((request): SimulatedReply => {
    if (request.path !== '/snapshop/query') return { status: 404, json: { reason: 'no such interface' } }
    if (request.method !== 'POST') return { status: 405, json: { reason: 'method not allowed' } }
    const form = readForm(request)
    const key = decodeURIComponent(form.get('key') ?? '')
    const state = Object.hasOwn(keys, key) ? keys[key]! : 10001
    if (state !== 'ok') return refuse(state)
    const made = queries.get(key) ?? 0
    if (made >= quota) return refuse(10012)
    const picture = readPicture(form.get('image') ?? '')
    if (picture === null) return refuse(254701)
    queries.set(key, made + 1)
    pictures.push(picture)
    const data = known[`${picture.width} × ${picture.height}`] ?? alike(picture)
    return {
      json: {
        reason: 'success',
        result: { data, request_id: createHash('md5').update(picture.bytes).digest('hex') },
        error_code: 0,
      },
    }
  })
  return Object.assign(simulator, { queries, pictures })
}

function refuse(errorCode: number): SimulatedReply {
  return { json: { reason: REASONS[errorCode] ?? 'failed', result: null, error_code: errorCode } }
}

/** Fields as they were sent, still encoded. Empty for any other content type: the server would not find them. */
function readForm({ headers, body }: SimulatedRequest): ReadonlyMap<string, string> {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return new Map()
  return new Map(
    body
      .toString('latin1')
      .split('&')
      .map((pair): [string, string] => {
        const at = pair.indexOf('=')
        return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      }),
  )
}

/** @param encoded URL-encoded base64. A bare "+" in it would be read as a space, and then it is no base64 any more. */
function readPicture(encoded: string): JuhePicture | null {
  if (!/^(?:[A-Za-z0-9]|%2B|%2F|%3D)+$/i.test(encoded)) return null
  const base64 = decodeURIComponent(encoded)
  if (base64.length > BASE64_CHARACTERS_MAX || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    return null
  const bytes = Buffer.from(base64, 'base64')
  const size = jpegSize(bytes) ?? bitmapSize(bytes)
  if (size === null) return null
  if (Math.min(size.width, size.height) < SHORT_SIDE_MIN || Math.max(size.width, size.height) > LONG_SIDE_MAX)
    return null
  return { ...size, base64Characters: base64.length, bytes }
}

type Size = Pick<JuhePicture, 'format' | 'width' | 'height'>

/** Walks the segments to the frame header. */
function jpegSize(bytes: Buffer): Size | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
    return null
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1]!
    if (bytes[at] !== 0xff) return null
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { format: 'jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
  }
  return null
}

function bitmapSize(bytes: Buffer): Size | null {
  if (bytes.length < 54 || bytes.toString('latin1', 0, 2) !== 'BM' || bytes.readUInt32LE(2) !== bytes.length)
    return null
  return { format: 'bmp', width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }
}

const GOODS = [
  ['Shoes', 'Sneakers', 'Canvas shoes'],
  ['Clothing', 'Tops', 'T-shirts'],
  ['Kitchen', 'Drinkware', 'Vacuum flasks'],
  ['Kitchen', 'Cookware', 'Woks'],
  ['Home textiles', 'Bedding', 'Pillows'],
  ['Office', 'Desk', 'Staplers'],
  ['Digital', 'Accessories', 'Chargers'],
  ['Digital', 'Audio', 'Earphones'],
  ['Toys', 'Construction', 'Building bricks'],
  ['Sport', 'Cycling', 'Helmets'],
] as const

/** The same picture is always like the same goods. */
function alike({ bytes }: JuhePicture): JuheProduct[] {
  const seed = createHash('sha256').update(bytes).digest()
  return Array.from({ length: 5 }, (_, at) => {
    const [cid1Name, cid2Name, cid3Name] = GOODS[(seed[at]! + at) % GOODS.length]!
    const skuId = seed.readUInt32BE(at * 4) + 1
    return {
      skuId,
      skuName: `${cid3Name} No. ${skuId % 1000}`,
      skuPrice: `${seed[at + 8]}.00`,
      wareLabel: 'shop',
      similarity: 0.95 - at * 0.1 - seed[at + 16]! / 10_000,
      imageUrl: `https://pictures.example/${skuId}.jpg`,
      detailUrl: `https://shop.example/${skuId}.html`,
      detailAppUrl: `https://m.shop.example/${skuId}.html`,
      cid1Name,
      cid2Name,
      cid3Name,
      allImageUrls: [`https://pictures.example/${skuId}-1.jpg`],
    }
  })
}
