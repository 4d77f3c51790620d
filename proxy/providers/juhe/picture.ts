/**
 * A picture as juhe takes it: JPEG or BMP, 48–4096 pixels, at most 3 MB as base64. Whatever comes is drawn anew, upright, opaque and
 * without anything beside its pixels: where and with what a photograph was taken stays in the house.
 */
import type { Sharp, SharpOptions } from 'sharp'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import type { Localised } from '../../../shared/language.ts'
import { openSharp, type SharpModule } from './open-sharp.ts'
import { recognisePicture } from './recognise-picture.ts'
import { trimBitmap } from './trim-bitmap.ts'

export const SHORT_SIDE_MIN = 48
export const LONG_SIDE_MAX = 4096
/** Characters of base64. The document's "3M" read in the smaller way. */
export const BASE64_MAX = 3_000_000
/** As much as is fetched from an address. */
export const PICTURE_BYTES_MAX = 8_000_000

// The largest telephones take 48 million pixels; drawn anew, a pixel takes three or four bytes.
const PIXELS_MAX = 50_000_000
const SECONDS_MAX = 20
// 48 million pixels that must be turned take 150 MB while they are drawn.
const DRAWN_AT_ONCE = 2

const INPUT: SharpOptions = { limitInputPixels: PIXELS_MAX, failOn: 'error' }
// Tried until the result is small enough; the last is, whatever the picture shows.
const ATTEMPTS = [
  { longSide: LONG_SIDE_MAX, quality: 88 },
  { longSide: LONG_SIDE_MAX, quality: 70 },
  { longSide: 2800, quality: 70 },
  { longSide: 2000, quality: 65 },
  { longSide: 1200, quality: 60 },
]

const inTurn = createTurns(DRAWN_AT_ONCE)

/** @returns JPEG or BMP bytes; `not-a-picture`, `image-too-small`, `image-too-large`, or `provider-busy` when drawing takes too long. */
export async function preparePicture(bytes: Uint8Array): Promise<Buffer | Failure> {
  if (bytes.length > PICTURE_BYTES_MAX) return failure('image-too-large', { max: `${PICTURE_BYTES_MAX / 1e6} MB` })
  const format = recognisePicture(bytes)
  if (typeof format === 'object') return failure('not-a-picture', { detail: format })
  if (format === 'bmp') return passBitmap(bytes)
  return inTurn(async () => {
    try {
      return await draw(bytes)
    } catch (error) {
      return /timeout/i.test((error as Error).message)
        ? failure('provider-busy', { provider: 'juhe' })
        : failure('not-a-picture', { detail: DAMAGED })
    }
  })
}

/** It is read nowhere in this house, so it is bounded by its header or refused. */
function passBitmap(bytes: Uint8Array): Buffer | Failure {
  const bitmap = trimBitmap(bytes)
  if (bitmap === null) return failure('not-a-picture', { detail: DAMAGED })
  const { width, height } = bitmap
  if (Math.min(width, height) < SHORT_SIDE_MIN)
    return failure('image-too-small', { width, height, min: SHORT_SIDE_MIN })
  const fits = Math.max(width, height) <= LONG_SIDE_MAX && base64Length(bitmap.bytes.length) <= BASE64_MAX
  return fits ? bitmap.bytes : failure('not-a-picture', { detail: LARGE_BITMAP })
}

/** @throws for bytes that cannot be read to their end. */
async function draw(bytes: Uint8Array): Promise<Buffer | Failure> {
  // Only the header is read here, so that a bomb is named before it goes off.
  const sharp = await openSharp()
  const { autoOrient } = await sharp(bytes, { ...INPUT, limitInputPixels: false }).metadata()
  const { width, height } = autoOrient
  if (width * height > PIXELS_MAX) return failure('image-too-large', { max: PIXELS_TEXT })
  const longSide = Math.max(width, height)
  // A strip shrinks with its long side.
  const min = Math.max(SHORT_SIDE_MIN, Math.ceil((longSide * SHORT_SIDE_MIN) / LONG_SIDE_MAX))
  if (Math.min(width, height) < min) return failure('image-too-small', { width, height, min })

  for (const attempt of ATTEMPTS) {
    const drawn = await pipeline(sharp, bytes, attempt).toBuffer()
    if (base64Length(drawn.length) <= BASE64_MAX) return drawn
  }
  throw new Error('no attempt was small enough')
}

function pipeline(
  sharp: SharpModule,
  bytes: Uint8Array,
  { longSide, quality }: { longSide: number; quality: number },
): Sharp {
  return sharp(bytes, INPUT)
    .timeout({ seconds: SECONDS_MAX })
    .autoOrient()
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality })
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

function createTurns(max: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < max) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

const DAMAGED: Localised = { en: 'its content is damaged', zh: '内容已损坏', fr: 'son contenu est abîmé' }
const LARGE_BITMAP: Localised = {
  en: 'BMP is taken up to 2.2 MB and 4096 pixels; save it in another format',
  zh: 'BMP 最大 2.2 MB、4096 像素；请另存为其他格式',
  fr: 'BMP va jusqu’à 2,2 Mo et 4096 pixels ; enregistrez-la autrement',
}
const PIXELS_TEXT: Localised = { en: '50 million pixels', zh: '5000 万像素', fr: '50 millions de pixels' }
