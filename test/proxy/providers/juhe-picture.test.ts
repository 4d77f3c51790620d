import sharp, { type Sharp } from 'sharp'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { BASE64_MAX, preparePicture } from '../../../proxy/providers/juhe/picture.ts'
import { isFailure, sentence } from '../../../shared/error-codes.ts'
import { makeBitmap, makePngOfZeros } from '../../upstreams/picture-bytes.ts'

function plain(width: number, height: number, background = '#c04020'): Sharp {
  return sharp({ create: { width, height, channels: 3, background } })
}

function noise(width: number, height: number): Sharp {
  const grain = { type: 'gaussian', mean: 128, sigma: 60 } as const
  return sharp({ create: { width, height, channels: 3, background: '#000000', noise: grain } })
}

async function prepared(bytes: Uint8Array): Promise<Buffer> {
  const picture = await preparePicture(bytes)
  if (isFailure(picture)) throw new Error(sentence(picture))
  return picture
}

async function refused(bytes: Uint8Array): Promise<{ failed: string; sentence: string }> {
  const picture = await preparePicture(bytes)
  if (!isFailure(picture)) throw new Error('it was taken')
  return { failed: picture.failed, sentence: sentence(picture) }
}

/** Colour of one pixel. */
async function pixel(picture: Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
  const at = (y * info.width + x) * info.channels
  return [...data.subarray(at, at + info.channels)]
}

function near(colour: number[], wanted: number[]): boolean {
  return colour.length === wanted.length && colour.every((value, at) => Math.abs(value - wanted[at]!) < 32)
}

describe('a picture is drawn anew as JPEG in sRGB', () => {
  test.each(['jpeg', 'png', 'webp', 'gif'] as const)('from %s', async (format) => {
    const picture = await prepared(await plain(200, 100).toFormat(format).toBuffer())
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', space: 'srgb', width: 200, height: 100 })
    expect(near(await pixel(picture, 100, 50), [192, 64, 32])).toBe(true)
  })

  test('from grey, from CMYK and from sixteen bits', async () => {
    const pictures = [
      await plain(64, 64).greyscale().jpeg().toBuffer(),
      await plain(64, 64).toColourspace('cmyk').jpeg().toBuffer(),
      await plain(64, 64).toColourspace('rgb16').png().toBuffer(),
    ]
    for (const bytes of pictures) {
      expect(await sharp(await prepared(bytes)).metadata()).toMatchObject({
        space: 'srgb',
        channels: 3,
        depth: 'uchar',
      })
    }
    expect(near(await pixel(await prepared(pictures[1]!), 30, 30), [192, 64, 32])).toBe(true)
  })

  test('with white where it was transparent', async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 }
    const bytes = await sharp({ create: { width: 60, height: 60, channels: 4, background: clear } })
      .png()
      .toBuffer()
    expect(near(await pixel(await prepared(bytes), 30, 30), [255, 255, 255])).toBe(true)
  })

  test.each(['gif', 'webp'] as const)('of an animated %s the first frame', async (format) => {
    const frames = await Promise.all(['#ff0000', '#0000ff'].map((colour) => plain(60, 50, colour).png().toBuffer()))
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer()
    expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(2)
    const picture = await prepared(bytes)
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 60, height: 50 })
    expect(near(await pixel(picture, 30, 25), [255, 0, 0])).toBe(true)
  })
})

test('a photograph stands upright, and where and with what it was taken stays behind', async () => {
  const left = await plain(100, 100, '#ff0000').png().toBuffer()
  const bytes = await plain(200, 100, '#0000ff')
    .composite([{ input: left, left: 0, top: 0 }])
    .withExif({ IFD0: { Make: 'HiddenCamera' }, IFD3: { GPSLatitude: '51/1 30/1 12/1' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><hidden>HiddenCamera</hidden></x:xmpmeta>')
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  expect(bytes.includes('HiddenCamera')).toBe(true)
  expect(await sharp(bytes).metadata()).toMatchObject({ orientation: 6 })

  const picture = await prepared(bytes)
  const kept = await sharp(picture).metadata()
  expect(kept).toMatchObject({ width: 100, height: 200 })
  expect([kept.exif, kept.xmp, kept.icc, kept.iptc, kept.orientation]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(picture.includes('HiddenCamera')).toBe(false)
  expect(picture.includes('Exif')).toBe(false)
  // Turned to the right: what was left is above.
  expect(near(await pixel(picture, 50, 30), [255, 0, 0])).toBe(true)
  expect(near(await pixel(picture, 50, 170), [0, 0, 255])).toBe(true)
})

describe('its size is brought within the limits', () => {
  test('the long side to 4096 pixels', async () => {
    const picture = await prepared(await plain(6000, 3000).png().toBuffer())
    expect(await sharp(picture).metadata()).toMatchObject({ width: 4096, height: 2048 })
  })

  test('the weight to 3 MB of base64, even where nothing can be left out', async () => {
    const bytes = await noise(3400, 3300).jpeg({ quality: 50 }).toBuffer()
    expect(bytes.length).toBeLessThan(8_000_000)
    const picture = await prepared(bytes)
    expect(picture.toString('base64').length).toBeLessThanOrEqual(BASE64_MAX)
    expect(picture.toString('base64').length).toBeGreaterThan(BASE64_MAX / 20)
  })

  test('48 pixels are enough, 47 and one are not, and the sentence says the size', async () => {
    expect(await sharp(await prepared(await plain(48, 48).png().toBuffer())).metadata()).toMatchObject({ width: 48 })
    expect(await refused(await plain(300, 47).png().toBuffer())).toEqual({
      failed: 'image-too-small',
      sentence: expect.stringContaining('300 × 47') as string,
    })
    expect((await refused(await plain(1, 1).png().toBuffer())).failed).toBe('image-too-small')
  })

  test('a strip whose short side would get lost in shrinking is told how wide it must be', async () => {
    const { failed, sentence } = await refused(await plain(8192, 80).png().toBuffer())
    expect(failed).toBe('image-too-small')
    expect(sentence).toContain('96')
    const picture = await prepared(await plain(8192, 96).png().toBuffer())
    expect(await sharp(picture).metadata()).toMatchObject({ width: 4096, height: 48 })
  })

  test('20,000 × 20,000 pixels in a few kilobytes are refused by their header', async () => {
    const bomb = makePngOfZeros(20_000, 20_000)
    expect(bomb.length).toBeLessThan(1_000_000)
    expect(await refused(bomb)).toEqual({
      failed: 'image-too-large',
      sentence: expect.stringContaining('50 million pixels') as string,
    })
  })

  test('more bytes than are fetched from an address are not looked at', async () => {
    expect((await refused(Buffer.alloc(8_000_001, 0xff))).failed).toBe('image-too-large')
  })

  test('several at once are all drawn', async () => {
    const bytes = await plain(500, 400).png().toBuffer()
    const pictures = await Promise.all(Array.from({ length: 9 }, () => preparePicture(bytes)))
    expect(pictures.every((picture) => !isFailure(picture))).toBe(true)
  })
})

describe('what is no picture is refused by its bytes', () => {
  test.each([
    ['nothing', '', 'nothing came'],
    ['a web page', '<!DOCTYPE html><html><body>photo.jpg</body></html>', 'a web page'],
    ['a web page after a mark and spaces', '\xef\xbb\xbf  \n<html>', 'a web page'],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"/>', 'SVG'],
    ['a drawing with an XML head', '<?xml version="1.0"?><svg width="90" height="90"/>', 'SVG'],
    ['a PDF', '%PDF-1.7\n%…', 'PDF'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0', 'HEIC'],
    ['TIFF', 'II*\0\x08\0\0\0', 'TIFF'],
    ['text that begins like a BMP', 'BMX bikes for children, 12 inch', 'no known picture'],
    ['an archive', 'PK\x03\x04', 'no known picture'],
  ])('%s', async (_, text, looks) => {
    const { failed, sentence } = await refused(Buffer.from(text, 'latin1'))
    expect(failed).toBe('not-a-picture')
    expect(sentence).toContain(looks)
    expect(sentence).not.toContain('photo.jpg')
  })

  test.each(['jpeg', 'png', 'webp', 'gif'] as const)('a %s that ends half way', async (format) => {
    const whole = await noise(300, 200).toFormat(format).toBuffer()
    expect((await refused(whole.subarray(0, whole.length >> 1))).failed).toBe('not-a-picture')
  })

  test.each([
    ['JPEG', 'ffd8ffe0'],
    ['PNG', '89504e470d0a1a0a'],
    ['GIF', '474946383961'],
    ['WebP', '52494646ffffffff57454250'],
    ['BMP', '424d00000000000000003600000028000000'],
  ])('the beginning of a %s and then anything', async (_, hex) => {
    const bytes = Buffer.concat([Buffer.from(hex, 'hex'), deflateSync(Buffer.alloc(5000, 7)), Buffer.alloc(300, 0x5a)])
    expect((await refused(bytes)).failed).toBe('not-a-picture')
  })
})

describe('a BMP is passed on as it is', () => {
  test('when its header keeps within the limits', async () => {
    const bitmap = makeBitmap(60, 50)
    expect(await prepared(bitmap)).toEqual(bitmap)
  })

  test('upside down too, and without what stands behind its pixels', async () => {
    const bitmap = makeBitmap(60, -50)
    expect(await prepared(Buffer.concat([bitmap, Buffer.from('hidden')]))).toEqual(bitmap)
  })

  test.each([
    ['too small', makeBitmap(60, 47), 'image-too-small'],
    ['too wide', makeBitmap(4097, 50), 'not-a-picture'],
    ['too heavy', makeBitmap(900, 900), 'not-a-picture'],
    ['not all there', makeBitmap(60, 50).subarray(0, 5000), 'not-a-picture'],
    ['of a size that is none', makeBitmap(60, 50, { width: -60 }), 'not-a-picture'],
    ['of a size beyond reason', makeBitmap(60, 50, { width: 0x7fffffff }), 'not-a-picture'],
    ['packed', makeBitmap(60, 50, { compression: 1 }), 'not-a-picture'],
    ['a JPEG in disguise', makeBitmap(60, 50, { compression: 4 }), 'not-a-picture'],
    ['of 13 bits', makeBitmap(60, 50, { bits: 13 }), 'not-a-picture'],
  ])('and refused when it is %s', async (_, bytes, expected) => {
    expect((await refused(bytes)).failed).toBe(expected)
  })
})
