import { lastAndBefore, type Command } from '../command.ts'
import { changeFallback, createWorkspace, renameWorkspace, showWorkspaces } from '../workspace-commands.ts'

export const WORKSPACE_COMMANDS: readonly Command[] = [
  {
    name: 'workspaces',
    usage: '[--json]',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => showWorkspaces(admin, print, json),
  },
  {
    name: 'workspace create',
    usage: '<name>',
    help: 'Prints the token of its owner, once.',
    operands: [1, 1],
    mayCreate: true,
    run: (admin, { operands: [name = ''], print }) => createWorkspace(admin, print, name),
  },
  {
    name: 'workspace rename',
    usage: '[<id or name>] <new name>',
    operands: [1, 2],
    run: (admin, { operands, print }) => renameWorkspace(admin, print, ...lastAndBefore(operands)),
  },
  {
    name: 'workspace fallback',
    usage: '[<id or name>] none|embedded',
    help: 'Who answers where a connected upstream fails.',
    operands: [1, 2],
    run: (admin, { operands, print }) => changeFallback(admin, print, ...lastAndBefore(operands)),
  },
]
