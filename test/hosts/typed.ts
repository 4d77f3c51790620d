import type { Typed } from '../../proxy/admin/read-options.ts'

/** As behind the `--` of `npm run …`, npm itself having kept nothing. */
export function typed(...args: string[]): Typed {
  return { args, environment: {} }
}
