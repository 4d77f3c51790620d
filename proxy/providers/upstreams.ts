/** The one list of upstreams: a folder each, a line each. */
import { glopal } from './glopal/index.ts'
import { hsciq } from './hsciq/index.ts'
import { jiayou } from './jiayou/index.ts'
import { juhe } from './juhe/index.ts'
import { tradewind } from './tradewind/index.ts'
import type { Upstream } from './upstream.ts'

export const UPSTREAMS: readonly Upstream[] = [jiayou, hsciq, glopal, tradewind, juhe]
