import { lastAndBefore, type Command } from '../command.ts'
import { adjustPoints, exportUsage, grantPoints, showEntries, verifyLedger } from '../ledger-commands.ts'

export const LEDGER_COMMANDS: readonly Command[] = [
  {
    name: 'grant',
    usage: '[<workspace>] <points> --ref <text>',
    help: 'Adds points, once for each reference.',
    operands: [1, 2],
    options: ['ref'],
    run: (admin, { operands, options: { ref = '' }, print }) => {
      const [wanted, points] = lastAndBefore(operands)
      return grantPoints(admin, print, { wanted, points, ref })
    },
  },
  {
    name: 'adjust',
    usage: '[<workspace>] <points> --ref <text>',
    help: 'Corrects a balance, once for each reference: -20 takes twenty points that can be spent.',
    operands: [1, 2],
    options: ['ref'],
    run: (admin, { operands, options: { ref = '' }, print }) => {
      const [wanted, points] = lastAndBefore(operands)
      return adjustPoints(admin, print, { wanted, points, ref })
    },
  },
  {
    name: 'entries',
    usage: '[<workspace>] [--json]',
    help: 'The ledger: what came and what went.',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showEntries(admin, print, wanted, json),
  },
  {
    name: 'ledger verify',
    usage: '[--json]',
    help: 'Checks that balances, entries, holds and answers add up. Exit code 1 when they do not.',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => verifyLedger(admin, print, json),
  },
  {
    name: 'usage export',
    usage: '[<workspace>] --from 2026-11-01 --to 2026-11-30 [--jsonl]',
    help: 'The entries of some UTC days as CSV, or as JSON lines.',
    operands: [0, 1],
    options: ['from', 'to', 'jsonl'],
    run: (admin, { operands: [wanted], options: { from = '', to = '', jsonl = false }, world }) =>
      exportUsage(admin, world, { wanted, from, to, isJsonLines: jsonl }),
  },
]
