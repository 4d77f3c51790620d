/** The calls of upstreams, for /openapi.json. */
const RESPONSES = {
  204: { description: 'Heard, or heard before' },
  400: { description: 'Not the end of a task' },
  401: { description: 'Unsigned, signed with another secret, or too old (TC-438)' },
  413: { description: 'More than 64 kB' },
}

export const CALLBACK_PATHS = {
  '/v1/webhooks/jiayou': {
    post: {
      summary: 'jiayou says that a task has ended: a hint to look, never an answer',
      description: 'Signed: `X-Webhook-Signature: sha256=…` over the body, `X-Webhook-Timestamp` within five minutes.',
      security: [],
      responses: RESPONSES,
    },
  },
  '/v1/webhooks/jiayou/{token}': {
    post: {
      summary: 'The same at the address that was named with one submit, unsigned',
      security: [],
      parameters: [{ name: 'token', in: 'path', required: true, schema: { type: 'string' } }],
      responses: RESPONSES,
    },
  },
}
