/** What is read of TradeWind's replies. Numbers come as numbers or as text; regions are read one by one. */
import * as z from 'zod/mini'

/** Round every reply: `error` is null and `success` true when the call was carried out. */
export const wrapper = z.object({
  success: z.optional(z.unknown()),
  data: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
})

const figure = z.pipe(
  z.unknown(),
  z.transform((value: unknown): number | null => readFigure(value)),
)

/** A number that is not negative; null for what is none. Amounts with separators are none: a wrong figure is worse than no figure. */
export function readFigure(value: unknown): number | null {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d{1,15}(?:\.\d{1,12})?$/.test(value))) return null
  const number = Number(value)
  return Number.isFinite(number) && number >= 0 ? number : null
}

const regionList = z.object({ list: z.nullish(z.array(z.unknown())), tradeCount: z.optional(figure) })

export const worldRegionsReply = z.object({
  data: z.object({
    /** 1: the source behind it answered. */
    code: z.optional(z.unknown()),
    // An empty list, where a source has nothing to put into an object.
    data: z.nullish(z.union([regionList, z.tuple([])])),
  }),
  meta: z.optional(z.unknown()),
})
export type WorldRegionsReply = z.infer<typeof worldRegionsReply>

/** Read by itself: a bill of another form spoils no answer. */
export const bill = z.object({ billing: z.object({ credits_charged: figure }) })

const text = z.nullish(z.string())

/**
 * `amount` is 0.00 throughout and `icon` is an address to load: neither is read. Nor is the country's number, which is called
 * `exporter_country_id` in the document's reply and so may be called otherwise in one about importers.
 */
export const regionRow = z.object({
  name: text,
  en: text,
  tradeCount: z.optional(figure),
  sellerCount: z.optional(figure),
  buyerCount: z.optional(figure),
  tradePercent: z.optional(figure),
})

/** The document gives this call's path and no reply: the list is looked for where world-regions has its own. */
export const countriesReply = z.object({ data: z.optional(z.unknown()) })
export const countryRow = z.object({ id: z.union([z.number(), z.string()]), name: text, en: text })
