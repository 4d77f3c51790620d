import { lastAndBefore, type Command } from '../command.ts'
import { changeFallback, makeCode, revokeSeat, showSeats, showWorkspaces } from '../workspace-commands.ts'

export const WORKSPACE_COMMANDS: readonly Command[] = [
  {
    name: 'workspaces',
    usage: '[--json]',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => showWorkspaces(admin, print, json),
  },
  {
    name: 'workspace fallback',
    usage: '[<id or name>] none|embedded',
    help: 'Who answers where a connected upstream fails.',
    operands: [1, 2],
    run: (admin, { operands, print }) => changeFallback(admin, print, ...lastAndBefore(operands)),
  },
  {
    name: 'seats',
    usage: '[<workspace>] [--json]',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showSeats(admin, print, wanted, json),
  },
  {
    name: 'seat revoke',
    usage: '<id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => revokeSeat(admin, print, id),
  },
  {
    name: 'code',
    usage: '[<workspace>] [--role seat|cell]',
    help: 'A connection code for one more seat.',
    operands: [0, 1],
    options: ['role'],
    run: (admin, { operands: [wanted], options: { role = 'seat' }, print }) => makeCode(admin, print, wanted, role),
  },
]
