/** Pictures for HSCIQ's experts. It publishes what it gets, so that nothing is sent as it came: each is drawn anew. */
import { failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import { drawPicture, type PictureLimits } from '../../pictures/draw-picture.ts'
import { cleanText } from '../clean-text.ts'
import type { ConsultationDraft } from '../upstream.ts'
import { HSCIQ } from './client.ts'

export interface Picture {
  fileName: string
  bytes: Buffer
}

const PICTURES_MAX = 3
// What the wire of the desk takes; they are made smaller here.
const TAKEN_BYTES_MAX = '3 MB'
const LIMITS: PictureLimits = {
  provider: HSCIQ,
  shortSideMin: 1,
  // The document says nothing of pixels; an expert sees enough in these.
  longSideMax: 2800,
  bytesMax: 1024 * 1024,
  attempts: [
    { longSide: 2800, quality: 85 },
    { longSide: 2000, quality: 80 },
    { longSide: 2000, quality: 65 },
    { longSide: 1400, quality: 65 },
    { longSide: 900, quality: 60 },
  ],
  bitmapRefusal: {
    en: 'HSCIQ takes JPEG, PNG, GIF and WebP',
    zh: 'HSCIQ 接受 JPEG、PNG、GIF、WebP',
    fr: 'HSCIQ prend JPEG, PNG, GIF et WebP',
  },
}

/** @returns JPEG of at most 1 MB each; the failure of the first that cannot be sent. */
export async function drawPictures(images: ConsultationDraft['images']): Promise<Picture[] | Failure> {
  if (images.length > PICTURES_MAX) {
    return failure('too-many-pictures', { count: images.length, max: PICTURES_MAX, bytes: TAKEN_BYTES_MAX })
  }
  const pictures: Picture[] = []
  // One after the other: a large one takes 150 MB while it is drawn.
  for (const { fileName, bytes } of images) {
    const drawn = await drawPicture(bytes, LIMITS)
    if (isFailure(drawn)) return drawn
    pictures.push({ fileName: nameOf(fileName), bytes: drawn })
  }
  return pictures
}

const NAME_CHARACTERS_MAX = 76

/** Folders of somebody's machine are nobody's business. Whatever it was, it is a JPEG now. */
function nameOf(fileName: string): string {
  const name = fileName.split(/[\\/]/).at(-1) ?? ''
  const stem = cleanText(name.replace(/\.[^.]{0,5}$/, '')).slice(0, NAME_CHARACTERS_MAX)
  return `${stem || 'picture'}.jpg`
}
