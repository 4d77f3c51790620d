/** What was looked up, kept while other parts of the pane are open: it may have cost a point. */
import type { z } from 'zod/mini'
import type { imagesReply } from '../../desk-protocol.ts'
import { neutralise } from '../../neutralise.ts'
import type { AnswerSource } from '../../protocol.ts'
import type { Picture } from './read-picture.ts'

export type Shown = { kind: 'file'; picture: Picture } | { kind: 'address'; url: string }

export interface PictureRow {
  category: string
  product: string
  /** 0–1; null where it is no number. */
  similarity: number | null
}

export interface PictureLook {
  shown: Shown
  rows: PictureRow[]
  source: AnswerSource
  points: number
}

export function toLook(shown: Shown, { table, source, points }: z.infer<typeof imagesReply>): PictureLook {
  const rows = table.map(([category = '', product = '', similarity]) => ({
    category: String(category),
    product: String(product),
    similarity: typeof similarity === 'number' ? similarity : null,
  }))
  return { shown, rows, source, points }
}

/** @returns an https address without spaces; null for anything else. */
export function readAddress(typed: string): string | null {
  const text = typed.trim()
  return /^https:\/\/[^\s/]+\.[^\s/]+\S*$/i.test(text) && text.length <= 2000 ? text : null
}

/** Text to put into a cell as if typed: what would be a formula is made text, and an apostrophe at the front stays. */
export function asTypedText(text: string): string {
  return text.startsWith("'") ? `'${text}` : neutralise(text)
}
