/** The part of /openapi.json about a workspace's memory. */
import { approveReply, approveRequest, importReply, memoryReply } from '../../shared/memory-protocol.ts'
import { operation, query } from './openapi-parts.ts'

const ID = { name: 'id', in: 'path', required: true, description: 'Its id', schema: { type: 'string' } }
const CSV = { 'text/csv': { schema: { type: 'string' } } }

export const MEMORY_PATHS = {
  '/v1/memory': {
    get: {
      ...operation('What people of this workspace approved, approved last first', { reply: memoryReply }),
      parameters: [
        query('after', false, 'Where to go on, from the page before'),
        query('limit', false, 'Entries a page, at most 500'),
        query('country', false, 'Of this country of import only'),
        query('q', false, 'Words that an entry contains, all of them; at most five'),
      ],
    },
    post: operation('Approves codes for descriptions', {
      body: approveRequest,
      reply: approveReply,
      note: 'Each entry has its own outcome; one that is refused leaves the others alone. Approving a text again replaces its code.',
    }),
  },
  '/v1/memory/{id}': {
    delete: { ...operation('Takes an approval back', { status: 204 }), parameters: [ID] },
  },
  '/v1/memory/export': {
    get: {
      ...operation('All of it as CSV', {}),
      responses: { 200: { description: 'UTF-8 with a byte order mark', content: CSV } },
    },
  },
  '/v1/memory/import': {
    post: {
      ...operation('Approves what a CSV file lists, all of it or nothing', { reply: importReply }),
      parameters: [
        query('dryRun', false, '1 tells what would be done, and does nothing'),
        query('skipBad', false, '1 takes the good lines although there are bad ones'),
      ],
      requestBody: { required: true, content: CSV },
    },
  },
}
