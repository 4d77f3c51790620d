/** The one list of upstreams: a folder each, a line each. */
import type { Upstream } from './upstream.ts'

export const UPSTREAMS: readonly Upstream[] = []
