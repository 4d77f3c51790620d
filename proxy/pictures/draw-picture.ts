/**
 * Pictures that leave the house are drawn anew as JPEG, upright, opaque and without anything beside their pixels: who took a
 * photograph, where and with what stays in the house.
 */
import type { Sharp, SharpOptions } from 'sharp'
import { PICTURE_BYTES_MAX } from '../../shared/desk-protocol.ts'
import { failure, type Failure } from '../../shared/error-codes.ts'
import type { Localised } from '../../shared/language.ts'
import { openSharp, type SharpModule } from './open-sharp.ts'
import { recognisePicture } from './recognise-picture.ts'

/** What an upstream takes. */
export interface PictureLimits {
  /** Named where drawing takes too long. */
  provider: string
  /** Pixels. */
  shortSideMin: number
  /** Pixels. */
  longSideMax: number
  bytesMax: number
  /** Tried until the result is small enough; the last is, whatever the picture shows. */
  attempts: readonly { longSide: number; quality: number }[]
  /** Said of a BMP, which nothing here reads. */
  bitmapRefusal: Localised
}

// The largest telephones take 48 million pixels; drawn anew, a pixel takes three or four bytes.
const PIXELS_MAX = 50_000_000
const SECONDS_MAX = 20
// 48 million pixels that must be turned take 150 MB while they are drawn.
const DRAWN_AT_ONCE = 2

const INPUT: SharpOptions = { limitInputPixels: PIXELS_MAX, failOn: 'error' }

const inTurn = createTurns(DRAWN_AT_ONCE)

/** @returns JPEG bytes; `not-a-picture`, `image-too-small`, `image-too-large`, or `provider-busy` when drawing takes too long. */
export async function drawPicture(bytes: Uint8Array, limits: PictureLimits): Promise<Buffer | Failure> {
  if (bytes.length > PICTURE_BYTES_MAX) return failure('image-too-large', { max: `${PICTURE_BYTES_MAX / 1e6} MB` })
  const format = recognisePicture(bytes)
  if (typeof format === 'object') return failure('not-a-picture', { detail: format })
  if (format === 'bmp') return failure('not-a-picture', { detail: limits.bitmapRefusal })
  return inTurn(async () => {
    try {
      return await draw(bytes, limits)
    } catch (error) {
      return /timeout/i.test((error as Error).message)
        ? failure('provider-busy', { provider: limits.provider })
        : failure('not-a-picture', { detail: DAMAGED })
    }
  })
}

/** @throws for bytes that cannot be read to their end. */
async function draw(bytes: Uint8Array, limits: PictureLimits): Promise<Buffer | Failure> {
  const { shortSideMin, longSideMax, bytesMax, attempts } = limits
  // Only the header is read here, so that a bomb is named before it goes off.
  const sharp = await openSharp()
  const { autoOrient } = await sharp(bytes, { ...INPUT, limitInputPixels: false }).metadata()
  const { width, height } = autoOrient
  if (width * height > PIXELS_MAX) return failure('image-too-large', { max: PIXELS_TEXT })
  const longSide = Math.max(width, height)
  // A strip shrinks with its long side.
  const min = Math.max(shortSideMin, Math.ceil((longSide * shortSideMin) / longSideMax))
  if (Math.min(width, height) < min) return failure('image-too-small', { width, height, min })

  for (const attempt of attempts) {
    const drawn = await pipeline(sharp, bytes, attempt).toBuffer()
    if (drawn.length <= bytesMax) return drawn
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

export const DAMAGED: Localised = { en: 'its content is damaged', zh: '内容已损坏', fr: 'son contenu est abîmé' }
const PIXELS_TEXT: Localised = { en: '50 million pixels', zh: '5000 万像素', fr: '50 millions de pixels' }
