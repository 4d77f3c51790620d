/** /openapi.json, made from the wire's own schemas and the catalogue of functions. */
import * as z from 'zod/mini'
import {
  consultation,
  consultationCreatedReply,
  consultationRequest,
  consultationsReply,
  imagesReply,
  imagesRequest,
  messageReply,
  messageRequest,
} from '../../shared/desk-protocol.ts'
import { FUNCTION_NAMES, functionSpec, PARAMETERS, signature } from '../../shared/functions.ts'
import {
  answersReply,
  answersRequest,
  connectionCodeReply,
  connectionCodeRequest,
  entriesReply,
  pointsReply,
  sessionReply,
  sessionRequest,
} from '../../shared/protocol.ts'
import { pairedSessionRequest } from '../../shared/pairing-protocol.ts'
import { JOB_PATHS } from './openapi-jobs.ts'
import { CALLBACK_PATHS } from './openapi-callbacks.ts'
import { MEMORY_PATHS } from './openapi-memory.ts'
import { PAIRING_PATHS } from './openapi-pairings.ts'
import { operation, query } from './openapi-parts.ts'
import { RECHARGE_PATHS } from './openapi-recharge.ts'
import { SEAT_PATHS } from './openapi-seats.ts'
import { usageLine } from '../../shared/usage-protocol.ts'
import { WEBHOOK_EVENTS, WEBHOOK_PATHS } from './openapi-webhooks.ts'

const FORM = { name: 'form', in: 'path', required: true, description: 'Its id', schema: { type: 'string' } }

export function openApiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tariffcell proxy',
      version,
      description: `HS codes and duty rates for spreadsheet cells.\n\n${functionList()}`,
    },
    components: {
      securitySchemes: { seat: { type: 'http', scheme: 'bearer', description: 'A seat token from POST /v1/session.' } },
    },
    security: [{ seat: [] }],
    paths: {
      '/v1/answers': {
        post: operation('Answers a batch of cells', {
          body: answersRequest,
          reply: answersReply,
          note: 'With `Accept: application/x-ndjson`: an answer a line as it becomes known, then `{"done":true,"points":…}`. A text/plain body is read as JSON and may hold the token.',
        }),
      },
      '/v1/cell': {
        get: {
          summary: 'Answers one cell as text, for WEBSERVICE and IMPORTDATA',
          security: [{ seat: [] }, {}],
          parameters: [
            query('fn', true, 'Name of the function'),
            query('a', false, 'An argument; repeat it for the next one. What reads like a number is one'),
            query('key', false, 'A token of role `cell`; other tokens are refused here'),
          ],
          responses: {
            200: { description: 'The value; a table as tab-separated lines', content: { 'text/plain': {} } },
            401: { description: 'Not connected', content: { 'text/plain': {} } },
            422: { description: 'The error of the cell, with its code', content: { 'text/plain': {} } },
          },
        },
      },
      '/v1/session': {
        post: {
          ...operation('Turns a connection code, or a pairing that was approved, into a seat', {
            body: z.union([sessionRequest, pairedSessionRequest]),
            reply: sessionReply,
            status: 201,
            note: 'A pairing that is not approved yet: 202 with a Retry-After. Of one that is: its token, the same again until that is used.',
          }),
          security: [],
        },
        get: operation('Who this token is', { reply: sessionReply }),
        delete: operation('Ends this token', { status: 204 }),
      },
      '/v1/session/codes': {
        post: operation('Makes a one-time connection code (owner only)', {
          body: connectionCodeRequest,
          reply: connectionCodeReply,
          status: 201,
        }),
      },
      ...SEAT_PATHS,
      ...PAIRING_PATHS,
      '/v1/points': { get: operation('The balance', { reply: pointsReply }) },
      '/v1/points/entries': {
        get: {
          ...operation('The ledger, newest first', { reply: entriesReply }),
          parameters: [
            query('before', false, 'Version to continue below'),
            query('limit', false, 'Entries a page, at most 200'),
          ],
        },
      },
      ...RECHARGE_PATHS,
      '/v1/points/usage': {
        get: {
          summary: 'The ledger of some days as a file (owner only)',
          parameters: [
            query('from', true, 'First UTC day, such as 2026-11-01'),
            query('to', true, 'Last UTC day, inclusive; at most 400 days'),
            query('format', false, 'csv or jsonl; csv when left out'),
          ],
          responses: {
            200: {
              description: 'An entry a line, oldest first',
              content: { 'text/csv': {}, 'application/x-ndjson': { schema: z.toJSONSchema(usageLine) } },
            },
            400: { description: 'The days are not understood' },
            403: { description: 'Not an owner' },
          },
        },
      },
      '/v1/consultations': {
        get: operation('The expert consultations of this workspace', { reply: consultationsReply }),
        post: operation('Asks experts to classify a product', {
          body: consultationRequest,
          reply: consultationCreatedReply,
          status: 201,
          note: 'Acts in your name and makes pictures public, so `confirm` must be true. The same requestId creates once.',
        }),
      },
      '/v1/consultations/{form}': {
        get: {
          ...operation('One consultation with its dialogs and conclusion', { reply: consultation }),
          parameters: [FORM],
        },
      },
      '/v1/consultations/{form}/messages': {
        post: {
          ...operation('Writes to the experts in your name', {
            body: messageRequest,
            reply: messageReply,
            status: 201,
          }),
          parameters: [FORM],
        },
      },
      '/v1/images': {
        post: operation('What a picture shows', {
          body: imagesRequest,
          reply: imagesReply,
          note: 'The same answer, price and memory as HSIMAGE.',
        }),
      },
      ...JOB_PATHS,
      ...CALLBACK_PATHS,
      ...MEMORY_PATHS,
      ...WEBHOOK_PATHS,
      '/healthz': { get: { summary: 'The process lives', security: [], responses: { 200: { description: 'ok' } } } },
      '/readyz': {
        get: {
          summary: 'The proxy takes work',
          security: [],
          responses: {
            200: { description: 'ready' },
            503: { description: 'starting, stopping or without its database' },
          },
        },
      },
      '/metrics': {
        get: { summary: 'Prometheus metrics (this machine, or an owner)', responses: { 200: { description: 'text' } } },
      },
    },
    webhooks: WEBHOOK_EVENTS,
  }
}

function functionList(): string {
  return FUNCTION_NAMES.map((name) => {
    const spec = functionSpec(name)
    const parameters = [...spec.required, ...spec.optional].map(
      (parameter) => `${PARAMETERS[parameter].shown}: ${PARAMETERS[parameter].help.en}`,
    )
    return `- \`${signature(name)}\`: ${spec.summary.en}${parameters.length === 0 ? '' : ` (${parameters.join(' · ')})`}`
  }).join('\n')
}
