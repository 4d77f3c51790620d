import {
  auditReply,
  newSeatReply,
  rotateReply,
  rotateRequest,
  seatChanges,
  seatEntry,
  seatRequest,
  seatsReply,
  sheetSeatReply,
  sheetSeatRequest,
} from '../../shared/seats-protocol.ts'
import { operation, query } from './openapi-parts.ts'

const SEAT = { name: 'seat', in: 'path', required: true, description: 'Its id', schema: { type: 'string' } }
const ROTATION =
  'The token before works for `overlapHours` more (24 when left out); one that was replaced earlier ends at once. A replaced token can no longer do this.'

export const SEAT_PATHS = {
  '/v1/session/rotate': {
    post: operation('Replaces the own token', { body: rotateRequest, reply: rotateReply, note: ROTATION }),
  },
  '/v1/session/sheet': {
    get: {
      ...operation('What the formulas of a spreadsheet may spend a day, and have spent today', {
        reply: sheetSeatReply,
      }),
      parameters: [query('spreadsheet', true, 'Its mark, as it stands in the header `Tariffcell-Spreadsheet`')],
    },
    post: operation('A token for the formulas of one spreadsheet, in place of the one it had', {
      body: sheetSeatRequest,
      reply: newSeatReply,
      status: 201,
      note: 'It asks single cells, with the header `Tariffcell-Spreadsheet`, up to its daily cap. What it spends counts for the own one too.',
    }),
  },
  '/v1/seats': {
    get: operation('The seats of this workspace (owner only)', { reply: seatsReply }),
    post: operation('Makes a seat; its token is shown once (owner only)', {
      body: seatRequest,
      reply: newSeatReply,
      status: 201,
    }),
  },
  '/v1/seats/{seat}': {
    patch: {
      ...operation('Changes a seat’s name or daily limit (owner only)', { body: seatChanges, reply: seatEntry }),
      parameters: [SEAT],
    },
    delete: {
      ...operation('Ends a seat and its tokens; never the last owner (owner only)', { status: 204 }),
      parameters: [SEAT],
    },
  },
  '/v1/seats/{seat}/rotate': {
    post: {
      ...operation('Replaces a seat’s token (owner only)', { body: rotateRequest, reply: rotateReply, note: ROTATION }),
      parameters: [SEAT],
    },
  },
  '/v1/audit': {
    get: {
      ...operation('Who changed what in this workspace, newest first (owner only)', { reply: auditReply }),
      parameters: [
        query('before', false, 'The `before` of the page above'),
        query('limit', false, 'Entries a page, at most 200'),
      ],
    },
  },
}
