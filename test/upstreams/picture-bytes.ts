/** Pictures that no library here draws: a BMP, and a PNG far larger than its file. */
import { deflateSync } from 'node:zlib'

/** 24 bits a pixel. @param height negative: rows from top to bottom. @param header what it says instead. */
export function makeBitmap(
  width: number,
  height: number,
  header: { width?: number; bits?: number; compression?: number } = {},
): Buffer {
  const rowBytes = Math.ceil((width * 24) / 32) * 4
  const bytes = Buffer.alloc(54 + rowBytes * Math.abs(height), 0x7f)
  bytes.fill(0, 0, 54)
  bytes.write('BM', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(header.width ?? width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(header.bits ?? 24, 28)
  bytes.writeUInt32LE(header.compression ?? 0, 30)
  return bytes
}

/** One bit a pixel, all black: whole and valid, a few kilobytes for hundreds of millions of pixels. */
export function makePngOfZeros(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 })
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.of())])
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const bytes = Buffer.alloc(content.length + 8)
  bytes.writeUInt32BE(data.length, 0)
  content.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(content), content.length + 4)
  return bytes
}

/** Node's own is not in Node 20.19's types. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
