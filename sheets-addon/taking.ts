/** Whatever the sidebar gives is checked before it is used. */
import * as z from 'zod/mini'

/** A sidebar of another version than what runs here is told to be loaded anew. */
export function taking<Schema extends z.ZodMiniType, Result>(
  schema: Schema,
  work: (given: z.infer<Schema>) => Result,
): (given: unknown) => Result {
  return (given) => {
    const parsed = z.safeParse(schema, given)
    if (!parsed.success) throw new Error('The sidebar and the add-on do not fit together. Reload the page.')
    return work(parsed.data)
  }
}
