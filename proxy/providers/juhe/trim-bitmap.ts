/** BMP, the one format that is passed on as it is: its header says enough to bound it, and it is cut to what the header says. */

export interface Bitmap {
  width: number
  height: number
  /** Header and pixels; what stood behind them (a colour profile with its path, anything hidden) is left out. */
  bytes: Buffer
}

const FILE_HEADER_BYTES = 14
// BITMAPINFOHEADER, with masks, with masks and alpha, version 4, version 5. OS/2's twelve bytes are not among them.
const HEADER_SIZES = new Set([40, 52, 56, 108, 124])
const BITS_A_PIXEL = new Set([1, 4, 8, 16, 24, 32])
const UNCOMPRESSED = new Set([0, 3])
// In a version 5 header: where the colour profile lies, and its length.
const PROFILE_AT = FILE_HEADER_BYTES + 112

/** @returns null when it is no plain uncompressed bitmap, or its pixels are not all there. */
export function trimBitmap(bytes: Uint8Array): Bitmap | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.length < FILE_HEADER_BYTES + 40) return null
  const headerSize = view.readUInt32LE(14)
  const pixelsAt = view.readUInt32LE(10)
  const width = view.readInt32LE(18)
  // Negative: the rows come from top to bottom.
  const height = Math.abs(view.readInt32LE(22))
  const bits = view.readUInt16LE(28)
  if (!HEADER_SIZES.has(headerSize) || !BITS_A_PIXEL.has(bits) || !UNCOMPRESSED.has(view.readUInt32LE(30))) return null
  if (width < 1 || height < 1 || pixelsAt < FILE_HEADER_BYTES + headerSize) return null
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const end = pixelsAt + rowBytes * height
  if (end > view.length) return null

  const trimmed = Buffer.from(view.subarray(0, end))
  trimmed.writeUInt32LE(end, 2)
  if (headerSize === 124) trimmed.fill(0, PROFILE_AT, PROFILE_AT + 8)
  return { width, height, bytes: trimmed }
}
