/** What is read of Glopal's reply. Products are read one by one, so that a bad one spoils no other. */
import * as z from 'zod/mini'

export const classifyReply = z.object({
  /** 0: the call was carried out. */
  error: z.optional(z.unknown()),
  products: z.array(z.unknown()),
})

const text = z.nullish(z.string())

/** `title` and `description` are ours, given back; nothing else says which product was meant. */
export const classifiedProduct = z.object({
  title: text,
  description: text,
  /** 0: this product was classified. */
  error: z.optional(z.unknown()),
  hs_code: z.optional(z.unknown()),
  accuracy: z.optional(z.unknown()),
})
export type ClassifiedProduct = z.infer<typeof classifiedProduct>
