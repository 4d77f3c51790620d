import type { Command } from '../command.ts'
import {
  addWebhook,
  enableWebhook,
  removeWebhook,
  resendDelivery,
  showDeliveries,
  showWebhooks,
  testWebhook,
} from '../webhook-commands.ts'

export const WEBHOOK_COMMANDS: readonly Command[] = [
  {
    name: 'webhooks',
    usage: '[<workspace>] [--json]',
    help: 'Addresses a workspace is told its events at.',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showWebhooks(admin, print, wanted, json),
  },
  {
    name: 'webhook add',
    usage: '[<workspace>] --url <address> [--events <type>,<type>]',
    help: 'Shows its secret, once.',
    operands: [0, 1],
    options: ['url', 'events'],
    run: (admin, { operands: [wanted], options: { url = '', events }, print }) =>
      addWebhook(admin, print, { wanted, url, events }),
  },
  {
    name: 'webhook remove',
    usage: '<id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => removeWebhook(admin, print, id),
  },
  {
    name: 'webhook enable',
    usage: '<id>',
    help: 'After it was disabled; what waits for it goes on.',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => enableWebhook(admin, print, id),
  },
  {
    name: 'webhook deliveries',
    usage: '<id> [--json]',
    help: 'What was sent to it lately, and what became of it.',
    operands: [1, 1],
    options: ['json'],
    run: (admin, { operands: [id = ''], options: { json = false }, print }) => showDeliveries(admin, print, id, json),
  },
  {
    name: 'webhook resend',
    usage: '<delivery id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => resendDelivery(admin, print, id),
  },
  {
    name: 'webhook test',
    usage: '<id>',
    help: 'Sends it a ping.',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => testWebhook(admin, print, id),
  },
]
