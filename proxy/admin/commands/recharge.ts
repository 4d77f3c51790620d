import type { Command } from '../command.ts'
import {
  createVouchers,
  refundRecharge,
  showDisputes,
  showRecharges,
  showVouchers,
  voidVoucher,
} from '../recharge-commands.ts'

export const RECHARGE_COMMANDS: readonly Command[] = [
  {
    name: 'voucher create',
    usage: '<points> [--count <n>] [--days <n>] [--note <text>]',
    help: 'Makes vouchers and prints their codes, once.',
    operands: [1, 1],
    options: ['count', 'days', 'note'],
    run: (admin, { operands: [points = ''], options: { count, days, note }, print }) =>
      createVouchers(admin, print, { points, count, days, note }),
  },
  {
    name: 'vouchers',
    usage: '[--json]',
    help: 'Vouchers, and which workspace redeemed them.',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => showVouchers(admin, print, json),
  },
  {
    name: 'voucher void',
    usage: '<id>',
    help: 'Withdraws a voucher that is not redeemed.',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) => voidVoucher(admin, print, id),
  },
  {
    name: 'recharges',
    usage: '[<workspace>] [--json]',
    help: 'Payments online. Vouchers are listed by vouchers, all that came and went by entries.',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showRecharges(admin, print, wanted, json),
  },
  {
    name: 'disputes',
    usage: '[<workspace>] [--json]',
    help: 'Lists what payers’ banks want back, how it stands, and what of it was corrected.',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => showDisputes(admin, print, wanted, json),
  },
  {
    name: 'refund',
    usage: '<recharge> [--points <n>]',
    help: 'Gives back what is unspent of a payment online, or so much that <n> of its points have gone back in all. A voucher’s points: adjust.',
    operands: [1, 1],
    options: ['points'],
    run: (admin, { operands: [id = ''], options: { points }, print }) => refundRecharge(admin, print, { id, points }),
  },
]
