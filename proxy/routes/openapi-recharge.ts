/** What /openapi.json says of vouchers and recharges. */
import {
  checkoutReply,
  checkoutRequest,
  recharge,
  rechargesReply,
  redeemReply,
  redeemRequest,
} from '../../shared/recharge-protocol.ts'
import { operation, query } from './openapi-parts.ts'

export const RECHARGE_PATHS = {
  '/v1/points/redeem': {
    post: operation('Turns a voucher into points, once', {
      body: redeemRequest,
      reply: redeemReply,
      note: 'The seat that redeemed it may ask again: it hears the same, with `repeated: true`.',
    }),
  },
  '/v1/points/checkout': {
    post: operation('Opens a page where points are paid online', {
      body: checkoutRequest,
      reply: checkoutReply,
      note: '1 CNY is 50 points; whole CNY, 1 to 50,000. The same requestId opens nothing twice.',
    }),
  },
  '/v1/points/recharges': {
    get: operation('The payments online of this workspace, newest first, at most 100', {
      reply: rechargesReply,
      note: 'Redeemed vouchers and grants are not among them: /v1/points/entries has all that came and went.',
    }),
  },
  '/v1/points/recharges/{id}': {
    get: {
      ...operation('One recharge; the payment service is asked while it is open', { reply: recharge }),
      parameters: [{ name: 'id', in: 'path', required: true, description: 'Its id', schema: { type: 'string' } }],
    },
  },
  '/v1/points/return': returnPage('Where the payment page sends the payer’s browser back to'),
  '/v1/points/cancelled': returnPage('The same, for who turned back'),
  '/v1/webhooks/stripe': {
    post: {
      summary: 'What Stripe says of a payment, signed by it',
      security: [],
      responses: {
        204: { description: 'Heard; also what is none of ours' },
        401: { description: 'Not signed, wrongly signed, or too old' },
        409: { description: 'Stripe is not set up' },
        502: { description: 'Stripe is to call again' },
      },
    },
  },
}

function returnPage(summary: string): object {
  return {
    get: {
      summary,
      security: [],
      parameters: [query('recharge', true, 'Its id'), query('key', true, 'Its own key')],
      responses: {
        200: { description: 'How it stands', content: { 'text/html': {} } },
        404: { description: 'No such recharge, or another key', content: { 'text/html': {} } },
      },
    },
  }
}
