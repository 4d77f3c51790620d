import { expect, test } from 'vitest'
import { DESK_PICTURE_LIMITS } from '../../../../shared/pane/desk/expert-draft.ts'
import { asTypedText, readAddress, toLook } from '../../../../shared/pane/picture/picture-look.ts'
import { LOOKED_UP_KINDS, readPicture } from '../../../../shared/pane/picture/read-picture.ts'
import { makeBitmap, makePngOfZeros } from '../../../upstreams/picture-bytes.ts'

const LIMITS = { kinds: LOOKED_UP_KINDS, bytesMax: 8_000_000 }

function file(bytes: Uint8Array, name: string, type = ''): File {
  return new File([new Uint8Array(bytes)], name, { type })
}

test('a picture is what its bytes say, whatever its name', async () => {
  const png = makePngOfZeros(8, 8)
  expect(await readPicture(file(png, 'photo.jpg', 'image/jpeg'), LIMITS)).toEqual({
    name: 'photo.jpg',
    kind: 'png',
    bytes: png.length,
    base64: png.toString('base64'),
  })
  expect(await readPicture(file(makeBitmap(300, 200), 'a.bmp'), LIMITS)).toMatchObject({ kind: 'bmp' })
})

test('a page, a film, and a format that is not taken are refused before anything is sent', async () => {
  expect(await readPicture(file(Buffer.from('<svg onload=alert(1)>'), 'a.png', 'image/png'), LIMITS)).toMatchObject({
    failed: 'not-a-picture',
  })
  expect(await readPicture(file(makeBitmap(8, 8), 'a.bmp'), DESK_PICTURE_LIMITS)).toMatchObject({
    failed: 'picture-kind',
    details: { kind: 'BMP', kinds: 'JPEG, PNG, GIF, WEBP' },
  })
  expect(await readPicture(file(new Uint8Array(1024 * 1024 + 1), 'a.png'), DESK_PICTURE_LIMITS)).toMatchObject({
    failed: 'image-too-large',
  })
})

test('a pasted picture without a name gets one', async () => {
  expect(await readPicture(new Blob([new Uint8Array(makePngOfZeros(8, 8))]), LIMITS)).toMatchObject({
    name: 'picture.png',
  })
})

test('only an https address is looked up', () => {
  expect(readAddress(' https://example.com/a.jpg ')).toBe('https://example.com/a.jpg')
  for (const typed of ['', 'http://example.com/a.jpg', 'javascript:alert(1)', 'https://', 'https://a b.com/x'])
    expect(readAddress(typed)).toBeNull()
})

test('what a service calls the goods never becomes a formula in a cell', () => {
  expect(asTypedText('＝1+1')).toBe("'＝1+1")
  expect(asTypedText("'x")).toBe("''x")
  expect(asTypedText('T恤')).toBe('T恤')
})

test('a similarity that is no number is not known', () => {
  const source = { provider: 'juhe', edition: '', cached: false, at: '2026-11-22T12:00:00.000Z' }
  const { rows } = toLook({ kind: 'address', url: 'https://x.y' }, { table: [['T恤', 'shirt', '']], source, points: 1 })
  expect(rows).toEqual([{ category: 'T恤', product: 'shirt', similarity: null }])
})
