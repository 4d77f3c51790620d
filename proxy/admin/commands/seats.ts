import type { Command } from '../command.ts'
import { showAudit } from '../show-audit.ts'
import { capSeat, createSeat, makeCode, renameSeat, revokeSeat, rotateSeat, showSeats } from '../seat-commands.ts'

export const SEAT_COMMANDS: readonly Command[] = [
  {
    name: 'seats',
    usage: '[<workspace>] [--json]',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showSeats(admin, print, wanted, json),
  },
  {
    name: 'seat create',
    usage: '[<workspace>] --name <text> [--role seat|cell|owner] [--cap <points a day>]',
    help: 'Prints its token, once.',
    operands: [0, 1],
    options: ['name', 'role', 'cap'],
    run: (admin, { operands: [wanted], options: { name = '', role = 'seat', cap }, print }) =>
      createSeat(admin, print, { wanted, name, role, cap }),
  },
  {
    name: 'seat rotate',
    usage: '<id> [--overlap <hours>]',
    help: 'Prints a new token, once. The one before works for 24 hours more; 0 ends it now.',
    operands: [1, 1],
    options: ['overlap'],
    run: (admin, { operands: [id = ''], options: { overlap }, print }) => rotateSeat(admin, print, id, overlap),
  },
  {
    name: 'seat cap',
    usage: '<id> <points a day>|none',
    operands: [2, 2],
    run: (admin, { operands: [id = '', cap = ''], print }) => capSeat(admin, print, id, cap),
  },
  {
    name: 'seat rename',
    usage: '<id> <new name>',
    operands: [2, 2],
    run: (admin, { operands: [id = '', name = ''], print }) => renameSeat(admin, print, id, name),
  },
  {
    name: 'seat revoke',
    usage: '<id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => revokeSeat(admin, print, id),
  },
  {
    name: 'code',
    usage: '[<workspace>] [--role seat|cell] [--cap <points a day>]',
    help: 'A connection code for one more seat.',
    operands: [0, 1],
    options: ['role', 'cap'],
    run: (admin, { operands: [wanted], options: { role = 'seat', cap }, print }) =>
      makeCode(admin, print, { wanted, role, cap }),
  },
  {
    name: 'audit',
    usage: '[<workspace>] [--json]',
    help: 'Who changed what, newest first; of everything when no workspace is named.',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showAudit(admin, print, wanted, json),
  },
]
