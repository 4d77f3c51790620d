/** A picture that a person chose, pasted or dropped: known by its bytes, because names and types are somebody's claim. */
import { failure, type Failure } from '../../error-codes.ts'

export type PictureKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp'

export interface Picture {
  /** As the file is called; with the ending of what it is where it had no name. */
  name: string
  kind: PictureKind
  bytes: number
  base64: string
}

export interface PictureLimits {
  kinds: readonly PictureKind[]
  bytesMax: number
}

export const LOOKED_UP_KINDS: readonly PictureKind[] = ['jpeg', 'png', 'gif', 'webp', 'bmp']

const STARTS: readonly (readonly [PictureKind, RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n.\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
  ['bmp', /^BM.{11}\0/s],
]
const HEAD_BYTES = 16
// As many arguments as every engine takes in one call.
const SLICE_BYTES = 8192
const NAME_CHARACTERS_MAX = 120

export async function readPicture(
  file: Blob & { readonly name?: string },
  { kinds, bytesMax }: PictureLimits,
): Promise<Picture | Failure> {
  // Before it is read: a film would fill the memory.
  if (file.size > bytesMax) return failure('image-too-large', { max: printBytes(bytesMax) })
  const bytes = new Uint8Array(await file.arrayBuffer())
  const kind = kindOf(bytes)
  if (kind === null) return failure('not-a-picture', { detail: file.name || file.type || '?' })
  if (!kinds.includes(kind)) {
    return failure('picture-kind', { kind: kind.toUpperCase(), kinds: kinds.join(', ').toUpperCase() })
  }
  const name = (file.name ?? '').slice(-NAME_CHARACTERS_MAX) || `picture.${kind}`
  return { name, kind, bytes: bytes.length, base64: toBase64(bytes) }
}

function kindOf(bytes: Uint8Array): PictureKind | null {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES))
  return STARTS.find(([, start]) => start.test(head))?.[0] ?? null
}

/** For an `img`, which the page's policy allows to show data and nothing of another origin. */
export function dataUrl({ kind, base64 }: Picture): string {
  return `data:image/${kind};base64,${base64}`
}

export function printBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${Number((bytes / 1e6).toFixed(1))} MB`
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES))
  }
  return btoa(text)
}
