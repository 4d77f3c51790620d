/** What the paths of /openapi.json are built of. */
import * as z from 'zod/mini'
import { errorReply } from '../../shared/protocol.ts'

export function operation(
  summary: string,
  parts: { body?: z.core.$ZodType; reply?: z.core.$ZodType; status?: number; note?: string },
): object {
  const status = parts.status ?? 200
  return {
    summary,
    ...(parts.note === undefined ? {} : { description: parts.note }),
    ...(parts.body ? { requestBody: { required: true, content: json(parts.body) } } : {}),
    responses: {
      [status]: { description: summary, ...(parts.reply ? { content: json(parts.reply) } : {}) },
      default: { description: 'A failure with its stable code', content: json(errorReply) },
    },
  }
}

function json(schema: z.core.$ZodType): object {
  return { 'application/json': { schema: z.toJSONSchema(schema) } }
}

export function query(name: string, required: boolean, description: string): object {
  return { name, in: 'query', required, description, schema: { type: 'string' } }
}
