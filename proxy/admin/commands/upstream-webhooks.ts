import type { Command } from '../command.ts'
import {
  createUpstreamWebhook,
  listUpstreamWebhooks,
  removeUpstreamWebhook,
  showUpstreamWebhookLogs,
  toggleUpstreamWebhook,
} from '../upstream-webhooks.ts'

const upstream = 'jiayou'
const WORKSPACE = '[--workspace <id or name>]'

export const UPSTREAM_WEBHOOK_COMMANDS: readonly Command[] = [
  {
    name: 'webhooks jiayou create',
    usage: WORKSPACE,
    help: 'Has jiayou call this proxy (PUBLIC_URL) when a task has ended, so that large jobs go on sooner. Takes the jwt of the credential.',
    operands: [0, 0],
    options: ['workspace'],
    run: async (admin, { options: { workspace }, print, world }) =>
      createUpstreamWebhook(admin, print, await world.loadUpstreams(), { upstream, workspace }, world.environment),
  },
  {
    name: 'webhooks jiayou list',
    usage: `${WORKSPACE} [--json]`,
    operands: [0, 0],
    options: ['workspace', 'json'],
    run: async (admin, { options: { workspace, json = false }, print, world }) =>
      listUpstreamWebhooks(admin, print, await world.loadUpstreams(), { upstream, workspace, isJson: json }),
  },
  {
    name: 'webhooks jiayou toggle',
    usage: `<id> on|off ${WORKSPACE}`,
    operands: [2, 2],
    options: ['workspace'],
    run: async (admin, { operands: [id = '', to = ''], options: { workspace }, print, world }) =>
      toggleUpstreamWebhook(admin, print, await world.loadUpstreams(), { upstream, workspace, id, to }),
  },
  {
    name: 'webhooks jiayou remove',
    usage: `<id> ${WORKSPACE}`,
    operands: [1, 1],
    options: ['workspace'],
    run: async (admin, { operands: [id = ''], options: { workspace }, print, world }) =>
      removeUpstreamWebhook(admin, print, await world.loadUpstreams(), { upstream, workspace, id }),
  },
  {
    name: 'webhooks jiayou logs',
    usage: WORKSPACE,
    help: 'The calls jiayou made, as it tells of them.',
    operands: [0, 0],
    options: ['workspace'],
    run: async (admin, { options: { workspace }, print, world }) =>
      showUpstreamWebhookLogs(admin, print, await world.loadUpstreams(), { upstream, workspace }),
  },
]
