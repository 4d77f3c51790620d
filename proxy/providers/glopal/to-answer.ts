/** Glopal's products, matched to what was asked and turned into replies. */
import * as z from 'zod/mini'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import { cleanText, readCode } from '../clean-text.ts'
import type { Reply } from '../provider.ts'
import type { Product } from './product.ts'
import { classifiedProduct, type ClassifiedProduct } from './schema.ts'

export const GLOPAL = 'glopal'

// Glopal classifies to the subheading; anything shorter or longer is no code of its.
const CODE_DIGITS = 6

/**
 * @param items as they stand in the reply.
 * @returns for each product the items that can only be about it; none, when the reply left it out or names no single product.
 */
export function matchProducts(products: readonly Product[], items: readonly unknown[]): ClassifiedProduct[][] {
  const read = items.map(readProduct)
  const matched: ClassifiedProduct[][] = products.map(() => [])
  // Only then does the order say more than the title: two products may differ in nothing but their material.
  const inOrder =
    read.length === products.length && read.every((item, at) => item !== null && isAbout(item, products[at]!))
  for (const [position, item] of read.entries()) {
    if (item === null) continue
    const meant = inOrder ? [position] : [...products.keys()].filter((at) => isAbout(item, products[at]!))
    if (meant.length === 1) matched[meant[0]!]!.push(item)
  }
  return matched
}

function readProduct(item: unknown): ClassifiedProduct | null {
  const read = z.safeParse(classifiedProduct, item)
  return read.success ? read.data : null
}

function isAbout(item: ClassifiedProduct, product: Product): boolean {
  const { title = null, description = null } = item
  if (title === null && description === null) return false
  return (
    (title === null || sameText(title, product.title)) &&
    (description === null || sameText(description, product.description))
  )
}

function sameText(a: string, b: string): boolean {
  return fold(a) === fold(b)
}

// Upper and lower case stay apart: they are different questions, and must not get each other's answers.
function fold(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()
}

/** @param items what the reply says of one product; null when it says nothing of it. */
export function toReply(items: readonly ClassifiedProduct[]): Reply | null {
  const replies = items.map(readItem)
  const [first] = replies
  if (first === undefined) return null
  const alike = replies.every((reply) => JSON.stringify(reply) === JSON.stringify(first))
  return alike
    ? first
    : failure('upstream-unreadable', { provider: GLOPAL, detail: 'two different answers to one product' })
}

function readItem(item: ClassifiedProduct): Reply {
  if (!isZero(item.error)) return failure('no-match', { provider: GLOPAL })
  if (item.hs_code === undefined || item.hs_code === null || item.hs_code === '') {
    return failure('no-match', { provider: GLOPAL })
  }
  const code = readCode(item.hs_code)
  if (code === null || code.length !== CODE_DIGITS) {
    return failure('upstream-code-broken', { provider: GLOPAL, value: cleanText(item.hs_code) })
  }
  return {
    kind: 'classification',
    candidates: [{ code, score: readScore(item.accuracy) }],
    headings: [],
    lines: { count: 0, first: [] },
    words: [],
    vague: null,
    missing: null,
  }
}

/** A chance, 0–1; null for 0, which stands for "unknown", and for what is no chance: 98.26 may be percent, or anything. */
function readScore(accuracy: unknown): number | null {
  return typeof accuracy === 'number' && accuracy > 0 && accuracy <= 1 ? accuracy : null
}

function isZero(error: unknown): boolean {
  return error === undefined || error === null || error === 0 || error === '0'
}

const ABOUT_TIME = /time-?\s?stamp|\bclock\b|\bexpired\b/i
const ABOUT_CREDENTIAL = /signature|credential|unauthori[sz]ed|forbidden|\blogin\b|\balias\b/i

/**
 * Glopal's document names no error but `error` ≠ 0, so a refusal is told by its status and by the words around it.
 * @returns null where the status alone must say it, and for a good reply.
 */
export function readRefusal(status: number, body: unknown): Failure | null {
  const words = wordsOf(body)
  if (status === 400 || status === 401 || status === 403) {
    if (ABOUT_TIME.test(words)) return failure('upstream-clock', { provider: GLOPAL })
    return status === 400 ? null : failure('upstream-key-refused', { provider: GLOPAL })
  }
  if (status !== 200 || typeof body !== 'object' || body === null || !('error' in body) || isZero(body.error)) {
    return null
  }
  if (ABOUT_TIME.test(words)) return failure('upstream-clock', { provider: GLOPAL })
  return failure(ABOUT_CREDENTIAL.test(words) ? 'upstream-key-refused' : 'provider-failed', { provider: GLOPAL })
}

const WORDS_CHARACTERS_MAX = 500

/** Sentences at the top of a reply or inside its `error`; never those of products, whose titles are ours. */
function wordsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { error } = body as { error?: unknown }
  const texts: unknown[] = [...Object.values(body), ...(typeof error === 'object' && error ? Object.values(error) : [])]
  return texts
    .filter((text) => typeof text === 'string')
    .map((text) => text.slice(0, WORDS_CHARACTERS_MAX))
    .join(' ')
}
