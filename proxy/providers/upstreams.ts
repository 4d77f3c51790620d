/** The one list of upstreams: a folder each, a line each. */
import { jiayou } from './jiayou/index.ts'
import { juhe } from './juhe/index.ts'
import type { Upstream } from './upstream.ts'

export const UPSTREAMS: readonly Upstream[] = [jiayou, juhe]
