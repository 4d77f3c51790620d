/** What an answer costs, in whole points. 1 CNY = 50 points. The one table of prices. */
import type { FunctionName } from '../../shared/functions.ts'
import { EMBEDDED_NAME, MEMORY_NAME } from '../providers/provider.ts'

// One upstream look-up is one point; what the house knows by itself is free, and so are memory and remembered answers.
const POINTS_PER_LOOKUP = 1
const FREE_PROVIDERS: ReadonlySet<string> = new Set([EMBEDDED_NAME, MEMORY_NAME])
// Reading how an expert's case stands takes nothing from anybody's account.
const FREE_FUNCTIONS: ReadonlySet<FunctionName> = new Set(['HSEXPERT'])

/** Of one answer of this provider. */
export function pointsFor(provider: string, fn: FunctionName): number {
  return FREE_PROVIDERS.has(provider) || FREE_FUNCTIONS.has(fn) ? 0 : POINTS_PER_LOOKUP
}
