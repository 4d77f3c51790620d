/** A picture as juhe takes it: JPEG or BMP, 48–4096 pixels, at most 3 MB as base64. */
import { failure, type Failure } from '../../../shared/error-codes.ts'
import { DAMAGED, drawPicture, type PictureLimits } from '../../pictures/draw-picture.ts'
import { recognisePicture } from '../../pictures/recognise-picture.ts'
import { trimBitmap } from './trim-bitmap.ts'

export const SHORT_SIDE_MIN = 48
export const LONG_SIDE_MAX = 4096
/** Characters of base64. The document's "3M" read in the smaller way. */
export const BASE64_MAX = 3_000_000
// Three bytes are four characters.
const BYTES_MAX = (BASE64_MAX / 4) * 3

const LIMITS: PictureLimits = {
  provider: 'juhe',
  shortSideMin: SHORT_SIDE_MIN,
  longSideMax: LONG_SIDE_MAX,
  bytesMax: BYTES_MAX,
  attempts: [
    { longSide: LONG_SIDE_MAX, quality: 88 },
    { longSide: LONG_SIDE_MAX, quality: 70 },
    { longSide: 2800, quality: 70 },
    { longSide: 2000, quality: 65 },
    { longSide: 1200, quality: 60 },
  ],
  bitmapRefusal: {
    en: 'BMP is taken up to 2.2 MB and 4096 pixels; save it in another format',
    zh: 'BMP 最大 2.2 MB、4096 像素；请另存为其他格式',
    fr: 'BMP va jusqu’à 2,2 Mo et 4096 pixels ; enregistrez-la autrement',
  },
}

/** @returns JPEG or BMP bytes; `not-a-picture`, `image-too-small`, `image-too-large`, or `provider-busy` when drawing takes too long. */
export async function preparePicture(bytes: Uint8Array): Promise<Buffer | Failure> {
  return recognisePicture(bytes) === 'bmp' ? passBitmap(bytes) : drawPicture(bytes, LIMITS)
}

/** It is read nowhere in this house, so it is bounded by its header or refused. */
function passBitmap(bytes: Uint8Array): Buffer | Failure {
  const bitmap = trimBitmap(bytes)
  if (bitmap === null) return failure('not-a-picture', { detail: DAMAGED })
  const { width, height } = bitmap
  if (Math.min(width, height) < SHORT_SIDE_MIN)
    return failure('image-too-small', { width, height, min: SHORT_SIDE_MIN })
  const fits = Math.max(width, height) <= LONG_SIDE_MAX && bitmap.bytes.length <= BYTES_MAX
  return fits ? bitmap.bytes : failure('not-a-picture', { detail: LIMITS.bitmapRefusal })
}
