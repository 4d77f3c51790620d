/** The wire of a workspace's memory: codes that people approved for their descriptions. Strict, as `protocol.ts` is. */
import * as z from 'zod/mini'
import { numberCursor, pageLimit } from './list-query.ts'
import { answerError } from './protocol.ts'

export const MEMORY_ENTRIES_MAX = 100_000
export const MEMORY_ENTRIES_PER_REQUEST_MAX = 500
export const MEMORY_CSV_BYTES_MAX = 8_000_000
/** The largest body of approvals: 500 descriptions, facts and notes at three bytes a character. */
export const MEMORY_BODY_BYTES_MAX = 3_000_000
export const NOTE_CHARACTERS_MAX = 500
export const MEMORY_SEARCH_CHARACTERS_MAX = 200

export const FACT_NAMES = ['material', 'use', 'gender', 'category'] as const
export type FactName = (typeof FACT_NAMES)[number]

// Lengths are looked at entry by entry: what is wrong with one is that one's failure, and the body is bounded.
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])

export const memoryEntry = z.strictObject({
  description: cell,
  facts: z.optional(
    z.strictObject({
      material: z.optional(z.string()),
      use: z.optional(z.string()),
      gender: z.optional(z.string()),
      category: z.optional(z.string()),
    }),
  ),
  country: z.string(),
  /** As it stands in the cell: a zero that a spreadsheet took is put back where the tariff proves it. */
  code: cell,
  note: z.optional(z.string()),
})
export const approveRequest = z.strictObject({
  entries: z.array(memoryEntry).check(z.minLength(1), z.maxLength(MEMORY_ENTRIES_PER_REQUEST_MAX)),
  /** `review`: a person accepted them one by one; `api` when left out. */
  source: z.optional(z.enum(['review', 'api'])),
})

/** One outcome for each entry, in the order of the request: `error`, or all of the others. */
export const approveReply = z.object({
  entries: z.array(
    z.object({
      id: z.optional(z.string()),
      code: z.optional(z.string()),
      /** What was done to the code to read it, such as `leading-zero`. */
      repairs: z.optional(z.array(z.string())),
      outcome: z.optional(z.enum(['new', 'changed', 'same'])),
      error: z.optional(answerError),
    }),
  ),
})
export type ApproveReply = z.infer<typeof approveReply>

export const approval = z.object({
  id: z.string(),
  description: z.string(),
  facts: z.object({ material: z.string(), use: z.string(), gender: z.string(), category: z.string() }),
  country: z.string(),
  code: z.string(),
  note: z.string(),
  /** Name of the seat; `operator` at the command line. */
  approvedBy: z.string(),
  approvedAt: z.string(),
  source: z.enum(['review', 'import', 'api']),
})
export const memoryQuery = z.strictObject({
  after: z.optional(numberCursor),
  limit: z.optional(pageLimit),
  /** Read as a cell's country is: what is none has its own failure. */
  country: z.optional(z.string()),
  /** Words that an entry contains, all of them. */
  q: z.optional(z.string().check(z.maxLength(MEMORY_SEARCH_CHARACTERS_MAX))),
})
export const memoryReply = z.object({
  /** Approved last, first. */
  entries: z.array(approval),
  /** To be given back as `after`; null on the last page. */
  after: z.nullable(z.int()),
  /** Of the whole memory. */
  total: z.int(),
})
export type MemoryReply = z.infer<typeof memoryReply>

const yesOrNo = z.optional(z.enum(['0', '1']))
/** `dryRun=1` is a preview. Anything but 0 and 1 is refused: a preview that is mistyped must not be an import. */
export const importQuery = z.strictObject({ dryRun: yesOrNo, skipBad: yesOrNo })
export const importReply = z.object({
  /** False: it was a preview. */
  imported: z.boolean(),
  /** Lines with an entry, the header not counted. */
  rows: z.int(),
  new: z.int(),
  changed: z.int(),
  /** Approved already, with this code and note: left as they are. */
  same: z.int(),
  bad: z.int(),
  /** The first hundred of them. */
  badLines: z.array(z.object({ line: z.int(), error: answerError })),
})
export type ImportReply = z.infer<typeof importReply>
