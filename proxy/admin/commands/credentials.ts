import type { Command } from '../command.ts'
import { listCredentials, removeCredential, setCredential, showUsage, testCredential } from '../credential-commands.ts'

export const CREDENTIAL_COMMANDS: readonly Command[] = [
  {
    name: 'credentials set',
    usage: '<upstream> [--workspace <id or name>] [--url <base address>]',
    help: 'Asks for the credential; from another program it reads lines name=value. For everybody, or for one workspace.',
    operands: [1, 1],
    options: ['workspace', 'url'],
    mayCreate: true,
    run: async (admin, { operands: [upstream = ''], options: { workspace, url }, print, world }) =>
      setCredential(admin, print, await world.loadUpstreams(), { upstream, workspace, url }, world),
  },
  {
    name: 'credentials list',
    usage: '[--json]',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => listCredentials(admin, print, json),
  },
  {
    name: 'credentials test',
    usage: '<upstream> [--workspace <id or name>]',
    help: 'Calls the upstream once.',
    operands: [1, 1],
    options: ['workspace'],
    run: async (admin, { operands: [upstream = ''], options: { workspace }, print, world }) =>
      testCredential(admin, print, await world.loadUpstreams(), { upstream, workspace }),
  },
  {
    name: 'credentials remove',
    usage: '<upstream> [--workspace <id or name>]',
    operands: [1, 1],
    options: ['workspace'],
    run: (admin, { operands: [upstream = ''], options: { workspace }, print }) =>
      removeCredential(admin, print, { upstream, workspace }),
  },
  {
    name: 'usage',
    usage: '[--json]',
    help: 'What the upstreams took, in their own money.',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => showUsage(admin, print, json),
  },
]
