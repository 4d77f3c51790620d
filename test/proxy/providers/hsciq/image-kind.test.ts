import { expect, test } from 'vitest'
import { imageKind } from '../../../../proxy/providers/hsciq/image-kind.ts'

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

test('a picture is told by its first bytes', () => {
  expect(imageKind(bytes('\xff\xd8\xff\xe0 …'))).toBe('jpeg')
  expect(imageKind(bytes('\x89PNG\r\n\x1a\n …'))).toBe('png')
  expect(imageKind(bytes('GIF87a …'))).toBe('gif')
  expect(imageKind(bytes('GIF89a …'))).toBe('gif')
  expect(imageKind(bytes('RIFF\x01\x02\x03\x04WEBPVP8 '))).toBe('webp')
})

test('anything else is no picture HSCIQ takes: BMP, SVG, PDF, a sound in RIFF, half a signature, nothing', () => {
  for (const text of ['BM......', '<svg>', '%PDF-1.7', 'RIFF....WAVEfmt ', '\x89PNG', 'GIF88a', '\xff\xd8', '']) {
    expect(imageKind(bytes(text))).toBeNull()
  }
})
