/** What bytes are, by how they begin: names and content types are somebody's claim. */
import type { Localised } from '../../shared/language.ts'

export type PictureFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp'

/** @returns the format; for anything else, what it looks like, for the sentence. */
export function recognisePicture(bytes: Uint8Array): PictureFormat | Localised {
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1')
  for (const [format, start] of PICTURE_STARTS) if (start.test(head)) return format
  for (const [start, looks] of OTHER_STARTS) if (start.test(head)) return looks
  return {
    en: 'its bytes are of no known picture',
    zh: '无法识别其格式',
    fr: 'ses octets ne sont d’aucune image connue',
  }
}

const PICTURE_STARTS: readonly (readonly [PictureFormat, RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n.\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
  // The file's size, four reserved bytes, and where the pixels begin: below 16 MB.
  ['bmp', /^BM.{11}\0/s],
]

const OTHER_STARTS: readonly (readonly [RegExp, Localised])[] = [
  [/^$/, { en: 'nothing came', zh: '内容为空', fr: 'rien n’est venu' }],
  [
    /^(?:\xef\xbb\xbf)?\s*(?:<\?xml.{0,400})?<svg|^\s*<\?xml/is,
    { en: 'a drawing (SVG)', zh: '矢量图（SVG）', fr: 'un dessin (SVG)' },
  ],
  [/^(?:\xef\xbb\xbf)?\s*</, { en: 'a web page', zh: '网页', fr: 'une page web' }],
  [/^%PDF-/, { en: 'a PDF', zh: 'PDF 文件', fr: 'un PDF' }],
  [/^.{4}ftyp/s, { en: 'HEIC, AVIF or a film', zh: 'HEIC、AVIF 或视频', fr: 'du HEIC, de l’AVIF ou un film' }],
  [/^(?:II\*\0|MM\0\*)/, { en: 'TIFF', zh: 'TIFF', fr: 'du TIFF' }],
]
