/** The one list of upstreams: a folder each, a line each. */
import { jiayou } from './jiayou/index.ts'
import type { Upstream } from './upstream.ts'

export const UPSTREAMS: readonly Upstream[] = [jiayou]
