/** From juhe's reply to ours. */
import * as z from 'zod/mini'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import type { Localised } from '../../../shared/language.ts'
import { cleanText } from '../clean-text.ts'
import type { Reply } from '../provider.ts'
import { product } from './schema.ts'

const ROWS_SHOWN = 3

/** @returns a table of category, product and similarity (0–1), most alike first; equal rows once. */
export function toTable(items: readonly unknown[], rows: number = ROWS_SHOWN): Reply {
  if (items.length === 0) return failure('no-match', { provider: 'juhe' })
  const products = items.flatMap((item) => {
    const read = z.safeParse(product, item)
    if (!read.success) return []
    const name = cleanText(read.data.skuName)
    return name === '' ? [] : [{ name, category: cleanText(read.data.cid3Name), similarity: read.data.similarity }]
  })
  if (products.length === 0) return failure('upstream-unreadable', { provider: 'juhe', detail: UNREADABLE_PRODUCTS })
  const seen = new Set<string>()
  const different = products
    .sort((a, b) => b.similarity - a.similarity)
    .filter(({ category, name }) => {
      const row = `${category}\n${name}`
      return !seen.has(row) && seen.add(row)
    })
  return {
    kind: 'table',
    table: different.slice(0, rows).map(({ category, name, similarity }) => [category, name, similarity]),
  }
}

/** @returns null for 0, and for a reply without a code: the status speaks then. */
export function failureOfCode(code: number | null): Failure | null {
  const provider = 'juhe'
  if (code === null || code === 0) return null
  if (code >= 10_001 && code <= 10_009) return failure('upstream-key-refused', { provider })
  switch (code) {
    case 10_011: // the address of this house
    case 10_012: // the key
    case 10_013: // a key for trying out
      return failure('upstream-quota', { provider })
    case 10_014: // trouble inside
    case 10_020: // maintenance
    case 254_703: // network trouble, "please try again"
      return failure('provider-busy', { provider })
    case 254_701: // empty, beyond the limits, or no picture
      return failure('not-a-picture', { detail: REFUSED })
    case 254_704: // nothing was found
      return failure('no-match', { provider })
    default:
      return failure('provider-failed', { provider })
  }
}

const UNREADABLE_PRODUCTS: Localised = {
  en: 'none of its products has a name and a similarity',
  zh: '所有商品均缺少名称或相似度',
  fr: 'aucun produit n’a de nom et de ressemblance',
}
const REFUSED: Localised = { en: 'juhe does not take it', zh: 'juhe 不接受此图片', fr: 'juhe n’en veut pas' }
