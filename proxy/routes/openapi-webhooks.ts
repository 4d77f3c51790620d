/** The paths of webhooks in /openapi.json, and what they are sent. */
import * as z from 'zod/mini'
import {
  EVENT_DATA,
  EVENT_TYPES,
  webhookChange,
  webhookCreatedReply,
  webhookDeliveriesReply,
  webhookDeliveryReply,
  webhookReply,
  webhookRequest,
  webhookRotatedReply,
  webhooksReply,
} from '../../shared/webhooks-protocol.ts'
import { operation, query } from './openapi-parts.ts'

const ID = { name: 'id', in: 'path', required: true, description: 'Its id', schema: { type: 'string' } }

export const WEBHOOK_PATHS = {
  '/v1/webhooks': {
    get: operation('The webhooks of this workspace (owner only)', { reply: webhooksReply }),
    post: operation('Adds a webhook (owner only)', {
      body: webhookRequest,
      reply: webhookCreatedReply,
      status: 201,
      note: 'A public https address on port 443 or 8443. The secret is shown this once.',
    }),
  },
  '/v1/webhooks/{id}': {
    patch: {
      ...operation('Enables or disables a webhook, or changes its events', {
        body: webhookChange,
        reply: webhookReply,
      }),
      parameters: [ID],
    },
    delete: { ...operation('Removes a webhook and what waits for it', { status: 204 }), parameters: [ID] },
  },
  '/v1/webhooks/{id}/rotate': {
    post: {
      ...operation('A new secret; the one before signs beside it for 24 hours', { reply: webhookRotatedReply }),
      parameters: [ID],
    },
  },
  '/v1/webhooks/{id}/test': {
    post: { ...operation('Sends a ping', { reply: webhookDeliveryReply, status: 202 }), parameters: [ID] },
  },
  '/v1/webhooks/{id}/deliveries': {
    get: {
      ...operation('What was sent, newest first', { reply: webhookDeliveriesReply }),
      parameters: [
        ID,
        query('before', false, 'Id to continue below'),
        query('limit', false, 'Deliveries a page, at most 200'),
      ],
    },
  },
  '/v1/webhooks/deliveries/{id}/resend': {
    post: {
      ...operation('Sends a delivery again, with the same webhook-id', { reply: webhookDeliveryReply, status: 202 }),
      parameters: [ID],
    },
  },
}

/** As OpenAPI 3.1 describes calls that come from here. */
export const WEBHOOK_EVENTS = Object.fromEntries(
  EVENT_TYPES.map((type) => [
    type,
    {
      post: {
        summary: `Sent to a webhook: ${type}`,
        description:
          'Signed as Standard Webhooks 1.0 says, in the headers webhook-id, webhook-timestamp and webhook-signature. It may come more than once, with the same webhook-id.',
        security: [],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: z.toJSONSchema(
                z.object({ type: z.literal(type), timestamp: z.string(), data: EVENT_DATA[type] }),
              ),
            },
          },
        },
        responses: { '2XX': { description: 'Taken' }, 410: { description: 'Gone: nothing more is sent' } },
      },
    },
  ]),
)
