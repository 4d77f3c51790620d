import type { Request } from 'express'
import * as z from 'zod/mini'
import type { Failure } from '../../shared/error-codes.ts'
import { badRequest } from './bad-request.ts'

/** What stands behind the `?`, as the schema has it and nothing else. @returns the failure `bad-request`. */
export function readQuery<Schema extends z.core.$ZodType>(
  schema: Schema,
  { query }: Request,
): z.infer<Schema> | Failure {
  const parsed = z.safeParse(schema, { ...query })
  return parsed.success ? parsed.data : badRequest(parsed.error, query, 'the address')
}
