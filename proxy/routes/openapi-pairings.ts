import { pairingBegunReply, pairingReply, pairingRequest } from '../../shared/pairing-protocol.ts'
import { operation } from './openapi-parts.ts'

const CHALLENGE = {
  name: 'challenge',
  in: 'path',
  required: true,
  description: 'The SHA-256 it was begun with',
  schema: { type: 'string' },
}

export const PAIRING_PATHS = {
  '/v1/pairings': {
    post: {
      ...operation('Asks to be connected, without a code to type', {
        body: pairingRequest,
        reply: pairingBegunReply,
        status: 201,
        note: 'The challenge is the SHA-256, as base64url, of a secret of 43 base64url characters. Whoever is connected in a browser approves it at /connect/#<challenge>; the secret then fetches the token: POST /v1/session {"pairing": "<secret>"}. Asked again, as after a reply that was lost, it gives the same token, until that was used or ten minutes are over.',
      }),
      security: [],
    },
  },
  '/v1/pairings/{challenge}': {
    get: { ...operation('What wants to be connected', { reply: pairingReply }), parameters: [CHALLENGE] },
  },
  '/v1/pairings/{challenge}/approve': {
    post: {
      ...operation('Connects it to this workspace, up to the own daily limit', { reply: pairingReply }),
      parameters: [CHALLENGE],
    },
  },
  '/v1/pairings/{challenge}/refuse': {
    post: { ...operation('Does not connect it', { reply: pairingReply }), parameters: [CHALLENGE] },
  },
}
