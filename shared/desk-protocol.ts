/** The wire of the expert desk and of pictures, beside the one of cells. Strict, as `protocol.ts` is. */
import * as z from 'zod/mini'
import { answerSource } from './protocol.ts'

export const PICTURE_BYTES_MAX = 8_000_000
/** The largest body: three pictures of 1 MB in base64, or one picture to look up. */
export const DESK_BODY_BYTES_MAX = 12_000_000

const line = (max: number) => z.string().check(z.minLength(1), z.maxLength(max))

export const consultationRequest = z.strictObject({
  /** The client's own id; sending it again creates nothing twice. */
  requestId: line(64),
  /** Must be true: it acts in the person's name, and pictures become public. */
  confirm: z.optional(z.boolean()),
  productNameCn: line(200),
  productNameEn: z.optional(line(200)),
  uses: z.optional(line(1000)),
  ingredients: z.optional(line(1000)),
  cas: z.optional(line(40)),
  brand: z.optional(line(100)),
  model: z.optional(line(100)),
  otherProductInfo: z.optional(line(2000)),
  images: z.optional(
    z
      .array(z.strictObject({ fileName: line(120), data: z.string().check(z.maxLength(4_000_000)) }))
      .check(z.maxLength(10)),
  ),
})

export const messageRequest = z.strictObject({
  confirm: z.optional(z.boolean()),
  /** The field that is talked about, e.g. `Ingredients`. */
  field: line(40),
  text: line(2000),
  /** The dialog that is answered; left out, a new one is opened. */
  dialog: z.optional(line(64)),
})

export const consultation = z.object({
  form: z.string(),
  product: z.string(),
  /** `created`, `open`, `concluded`; `unconfirmed` (and no form) where the desk's reply was lost; null while it could not be asked. */
  status: z.nullable(z.string()),
  createdAt: z.nullable(z.string()),
  code: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  dialogs: z.array(
    z.object({
      id: z.string(),
      field: z.string(),
      messages: z.array(z.object({ from: z.string(), text: z.string(), at: z.nullable(z.string()) })),
    }),
  ),
})
export const consultationsReply = z.object({ consultations: z.array(consultation) })
export const consultationCreatedReply = z.object({
  form: z.string(),
  /** Where the upstream published the pictures. */
  imageUrls: z.array(z.string()),
})
export const messageReply = z.object({ dialog: z.string() })

/** Exactly one of the two. */
export const imagesRequest = z.strictObject({
  url: z.optional(line(2000)),
  /** The picture in base64, with or without a data-URL header. */
  image: z.optional(z.string().check(z.minLength(1), z.maxLength(DESK_BODY_BYTES_MAX))),
  /** Rows wanted; 3 when left out. */
  n: z.optional(z.int().check(z.gte(1), z.lte(50))),
  lang: z.optional(z.enum(['en', 'zh', 'fr'])),
})
export const imagesReply = z.object({
  /** Rows of category, product, similarity; most alike first. */
  table: z.array(z.array(z.union([z.string(), z.number(), z.boolean()]))),
  source: answerSource,
  points: z.int(),
})
