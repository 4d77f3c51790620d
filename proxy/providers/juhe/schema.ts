/** What is read of juhe's replies. Prices, addresses of pictures and of shop pages are not, so they cannot get any further. */
import * as z from 'zod/mini'

/** Whatever the HTTP status is, this number says how it went; 0 is good. */
const refusal = z.object({ error_code: z.int() })

/** @returns null when the reply is none of juhe's. */
export function errorCodeOf(body: unknown): number | null {
  const read = z.safeParse(refusal, body)
  return read.success ? read.data.error_code : null
}

/** The document calls `result` a string and shows an object. */
export const envelope = z.object({
  error_code: z.literal(0),
  result: z.object({ data: z.array(z.unknown()) }),
})

/** One product, read by itself: a broken one never fails its neighbours. */
export const product = z.object({
  skuName: z.string(),
  /** The kind of goods, the narrowest of three levels. */
  cid3Name: z.nullish(z.string()),
  similarity: z.number().check(z.minimum(0), z.maximum(1)),
})
