/** Whatever the sidebar gives is checked before it is used. */
import * as z from 'zod/mini'
import { failure, FailureError } from '../shared/error-codes.ts'

/** @throws {FailureError} `sidebar-outdated`: only a sidebar of another version than what runs here gives anything else. */
export function taking<Schema extends z.ZodMiniType, Result>(
  schema: Schema,
  work: (given: z.infer<Schema>) => Result,
): (given: unknown) => Result {
  return (given) => {
    const parsed = z.safeParse(schema, given)
    if (!parsed.success) throw new FailureError(failure('sidebar-outdated'))
    return work(parsed.data)
  }
}
