/** What one command of `npm run admin` is: a line in its room's list, put together in run-admin.ts. */
import type { Environment } from '../config.ts'
import type { Upstream } from '../providers/upstream.ts'
import type { PaymentService } from '../recharge/payment-service.ts'
import type { Terminal } from './ask-credential.ts'
import type { Admin } from './open-admin.ts'

export type Print = (line: string) => void

/** A stream, or what a test reads it with. */
interface Stdout {
  /** @returns false when it wants a pause, until it says `drain`. */
  write(text: string): unknown
  readonly destroyed?: boolean
  once?(event: 'drain' | 'close', heard: () => void): unknown
  off?(event: 'drain' | 'close', heard: () => void): unknown
}

export interface AdminWorld extends Terminal {
  environment: Environment
  stdout: Stdout
  /** Only asked for by the commands that need them: adapters take time to load. */
  loadUpstreams: () => Promise<readonly Upstream[]>
  /** In the place of those that the environment sets up. */
  paymentServices?: readonly PaymentService[]
}

/** Every option there is; a command names those it takes. */
export const OPTIONS = {
  workspace: { type: 'string' },
  url: { type: 'string' },
  ref: { type: 'string' },
  events: { type: 'string' },
  role: { type: 'string' },
  count: { type: 'string' },
  days: { type: 'string' },
  note: { type: 'string' },
  points: { type: 'string' },
  name: { type: 'string' },
  cap: { type: 'string' },
  overlap: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  jsonl: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'skip-bad': { type: 'boolean' },
  undo: { type: 'boolean' },
  force: { type: 'boolean' },
  yes: { type: 'boolean' },
  column: { type: 'string' },
  country: { type: 'string' },
  csv: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
export type OptionName = keyof typeof OPTIONS
export type Options = {
  [Name in OptionName]?: (typeof OPTIONS)[Name] extends { type: 'boolean' } ? boolean : string
}

export interface Given {
  operands: string[]
  options: Options
  print: Print
  world: AdminWorld
}

/** Most work on the proxy's own database; one that must not opens what it needs by itself. */
export type Command = CommandHead &
  ({ run(admin: Admin, given: Given): Promise<void> } | { runAlone(given: Given): Promise<void> })

interface CommandHead {
  name: string
  /** What stands behind the name in the help, e.g. `[<workspace>] <points> --ref <text>`. */
  usage: string
  /** One sentence for the help. */
  help?: string
  /** How many operands it takes. */
  operands: readonly [min: number, max: number]
  options?: readonly OptionName[]
  /** Makes the data folder where there is none. */
  mayCreate?: boolean
}

/** A workspace may be left out before the operand that must be there. */
export function lastAndBefore(operands: readonly string[]): [before: string | undefined, last: string] {
  return [operands.length > 1 ? operands[0] : undefined, operands.at(-1) ?? '']
}
