import type { Request } from 'express'
import * as z from 'zod/mini'
import { failure, type Failure } from '../../shared/error-codes.ts'
import { firstIssue } from './answers.ts'

/** What stands behind the `?`, as the schema has it and nothing else. @returns the failure `bad-batch`. */
export function readQuery<Schema extends z.core.$ZodType>(
  schema: Schema,
  { query }: Request,
): z.infer<Schema> | Failure {
  const parsed = z.safeParse(schema, { ...query })
  return parsed.success ? parsed.data : failure('bad-batch', { detail: firstIssue(parsed.error, 'the address') })
}
