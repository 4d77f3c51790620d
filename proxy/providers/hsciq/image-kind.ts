/** Kinds of pictures HSCIQ takes, told by their first bytes as HSCIQ tells them; a file's name says nothing. */

export type ImageKind = 'jpeg' | 'png' | 'gif' | 'webp'

/** @returns null for anything else, BMP included. */
export function imageKind(bytes: Uint8Array): ImageKind | null {
  const startsWith = (signature: readonly number[], at = 0) =>
    signature.every((byte, index) => bytes[at + index] === byte)
  if (startsWith([0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  // GIF87a, GIF89a
  if (startsWith([0x47, 0x49, 0x46, 0x38]) && (bytes[4] === 0x37 || bytes[4] === 0x39) && bytes[5] === 0x61)
    return 'gif'
  // RIFF, four bytes of length, WEBP
  if (startsWith([0x52, 0x49, 0x46, 0x46]) && startsWith([0x57, 0x45, 0x42, 0x50], 8)) return 'webp'
  return null
}
