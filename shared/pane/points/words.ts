import type { RechargeState } from '../../recharge-protocol.ts'
import { counted, type Words } from '../words.ts'
import type { PointsWarning } from './points-warning.ts'

export interface PointsWords {
  purpose: string
  balance: (points: string) => string
  held: (points: string) => string
  today: string
  ofCap: (spent: string, cap: string, left: string) => string
  noCap: (spentToday: string) => string
  warnings: Record<Exclude<PointsWarning, null>, string>
  voucher: string
  voucherHint: string
  redeem: string
  redeemed: (points: string) => string
  repeated: (points: string) => string
  recharge: string
  amount: string
  amountHint: string
  buys: (points: string) => string
  quick: string
  pay: (cny: string) => string
  payEmpty: string
  opening: string
  waiting: (cny: string) => string
  waitingStopped: string
  openPage: string
  lookNow: string
  ended: Record<RechargeState, (points: string) => string>
  recharges: string
  states: Record<RechargeState, string>
  refunded: (points: string) => string
  entries: string
  noEntries: string
  kinds: { voucher: string; recharge: string; grant: string; usage: string; refund: string; adjust: string }
  pointsChange: (points: string) => string
  balanceAfter: (points: string) => string
  more: string
  loading: string
}

export const POINTS_WORDS: Words<PointsWords> = {
  en: {
    purpose: 'Points pay for look-ups at outside services. The built-in tariff book and classifier are free.',
    balance: (points) => `${counted(points, 'point', 'points')} left`,
    held: (points) => `${points} set aside for work under way`,
    today: 'Today’s limit of this connection',
    ofCap: (spent, cap, left) => `${spent} of ${cap} points used, ${left} left until midnight UTC`,
    noCap: (spentToday) => `${spentToday} spent today on this connection, which has no daily limit of its own.`,
    warnings: {
      empty: 'No points are left. Free answers go on; paid look-ups wait for a recharge.',
      'cap-reached':
        'This connection has used up today’s limit. It goes on after midnight UTC, or the owner raises it.',
      low: 'Few points are left. Recharge before you start a long run.',
      'cap-low': 'Less than a tenth of today’s limit is left.',
    },
    voucher: 'Voucher',
    voucherHint: 'Type or paste it; dashes come by themselves.',
    redeem: 'Redeem',
    redeemed: (points) => `${points} points were added.`,
    repeated: (points) =>
      `You redeemed this voucher before: its ${points} points are in the balance. Nothing was added now.`,
    recharge: 'Recharge',
    amount: 'Amount in CNY',
    amountHint: 'Whole yuan, 1 to 50,000.',
    buys: (points) => `${points} points: as many paid rows, at 1 point each.`,
    quick: 'Usual amounts',
    pay: (cny) => `Pay ${cny}`,
    payEmpty: 'Pay',
    opening: 'Opening the payment page…',
    waiting: (cny) => `${cny} is waiting to be paid on the page that opened. This notices by itself when it is.`,
    waitingStopped: 'Not paid yet. Press “Look now” once you have paid.',
    openPage: 'Open the payment page',
    lookNow: 'Look now',
    ended: {
      open: () => 'Not paid yet.',
      paid: (points) => `Paid: ${points} points were added. Paused formulas and jobs go on.`,
      expired: () => 'The payment page ran out before it was paid. Nothing was charged.',
      failed: () => 'The payment did not go through. Nothing was charged.',
      refunded: () => 'This payment was given back.',
    },
    recharges: 'Recharges',
    states: { open: 'not paid yet', paid: 'paid', expired: 'expired', failed: 'failed', refunded: 'given back' },
    refunded: (points) => `${points} points taken back`,
    entries: 'What came and went',
    noEntries: 'Nothing yet. The first recharge or paid look-up appears here.',
    kinds: {
      voucher: 'Voucher',
      recharge: 'Recharge',
      grant: 'Given by the operator',
      usage: 'Look-ups',
      refund: 'Money given back',
      adjust: 'Correction',
    },
    pointsChange: (points) => counted(points, 'point', 'points'),
    balanceAfter: (points) => `then ${points}`,
    more: 'Show older',
    loading: 'Loading…',
  },
  zh: {
    purpose: '点数用于支付外部服务的查询。内置税则和分类器免费。',
    balance: (points) => `剩余 ${points} 点`,
    held: (points) => `${points} 点已为进行中的任务预留`,
    today: '此连接的今日限额',
    ofCap: (spent, cap, left) => `已用 ${spent} / ${cap} 点，UTC 零点前还可用 ${left} 点`,
    noCap: (spentToday) => `此连接今天已用 ${spentToday} 点，没有单独的每日限额。`,
    warnings: {
      empty: '点数已用完。免费回答继续可用；付费查询待充值后继续。',
      'cap-reached': '此连接已达今日限额。UTC 零点后恢复，或由所有者提高限额。',
      low: '点数所剩不多。开始大批量任务前请先充值。',
      'cap-low': '今日限额剩余不足十分之一。',
    },
    voucher: '代金券',
    voucherHint: '输入或粘贴即可，连字符会自动补上。',
    redeem: '兑换',
    redeemed: (points) => `已增加 ${points} 点。`,
    repeated: (points) => `您已兑换过此代金券，其 ${points} 点已计入余额。本次未增加点数。`,
    recharge: '充值',
    amount: '金额（元）',
    amountHint: '整数元，1 至 50,000。',
    buys: (points) => `可得 ${points} 点：每行付费查询 1 点，可查同样多行。`,
    quick: '常用金额',
    pay: (cny) => `支付 ${cny}`,
    payEmpty: '支付',
    opening: '正在打开支付页面…',
    waiting: (cny) => `请在已打开的页面支付 ${cny}。支付完成后这里会自动更新。`,
    waitingStopped: '尚未支付。付款后请点击“立即查看”。',
    openPage: '打开支付页面',
    lookNow: '立即查看',
    ended: {
      open: () => '尚未支付。',
      paid: (points) => `支付成功：已增加 ${points} 点。暂停的公式和任务会继续。`,
      expired: () => '支付页面已过期，未扣款。',
      failed: () => '支付未成功，未扣款。',
      refunded: () => '此笔付款已退回。',
    },
    recharges: '充值记录',
    states: { open: '未支付', paid: '已支付', expired: '已过期', failed: '失败', refunded: '已退款' },
    refunded: (points) => `收回 ${points} 点`,
    entries: '点数明细',
    noEntries: '暂无记录。首次充值或付费查询后会显示在这里。',
    kinds: {
      voucher: '代金券',
      recharge: '充值',
      grant: '管理员赠送',
      usage: '查询',
      refund: '退款',
      adjust: '更正',
    },
    pointsChange: (points) => `${points} 点`,
    balanceAfter: (points) => `余 ${points}`,
    more: '显示更早的',
    loading: '正在加载…',
  },
  fr: {
    purpose:
      'Les points paient les recherches chez des services externes. Le tarif et le classificateur intégrés sont gratuits.',
    balance: (points) => `${points} points restants`,
    held: (points) => `${points} réservés pour un travail en cours`,
    today: 'Limite du jour de cette connexion',
    ofCap: (spent, cap, left) => `${spent} points utilisés sur ${cap}, encore ${left} jusqu’à minuit UTC`,
    noCap: (spentToday) =>
      `${counted(spentToday, 'dépensé', 'dépensés')} aujourd’hui par cette connexion, qui n’a pas de limite quotidienne propre.`,
    warnings: {
      empty:
        'Il ne reste aucun point. Les réponses gratuites continuent ; les recherches payantes attendent une recharge.',
      'cap-reached':
        'Cette connexion a atteint sa limite du jour. Elle reprend après minuit UTC, ou le propriétaire la relève.',
      low: 'Il reste peu de points. Rechargez avant de lancer un long traitement.',
      'cap-low': 'Il reste moins d’un dixième de la limite du jour.',
    },
    voucher: 'Bon',
    voucherHint: 'Tapez-le ou collez-le ; les tirets viennent d’eux-mêmes.',
    redeem: 'Utiliser',
    redeemed: (points) => `${points} points ont été ajoutés.`,
    repeated: (points) =>
      `Vous avez déjà utilisé ce bon : ses ${points} points sont dans le solde. Rien n’a été ajouté.`,
    recharge: 'Recharger',
    amount: 'Montant en CNY',
    amountHint: 'En yuans entiers, de 1 à 50 000.',
    buys: (points) => `${points} points : autant de lignes payantes, à 1 point chacune.`,
    quick: 'Montants courants',
    pay: (cny) => `Payer ${cny}`,
    payEmpty: 'Payer',
    opening: 'Ouverture de la page de paiement…',
    waiting: (cny) => `${cny} sont à payer sur la page qui s’est ouverte. Le paiement est remarqué ici tout seul.`,
    waitingStopped: 'Pas encore payé. Appuyez sur « Vérifier » une fois le paiement fait.',
    openPage: 'Ouvrir la page de paiement',
    lookNow: 'Vérifier',
    ended: {
      open: () => 'Pas encore payé.',
      paid: (points) => `Payé : ${points} points ont été ajoutés. Les formules et travaux en pause reprennent.`,
      expired: () => 'La page de paiement a expiré. Rien n’a été débité.',
      failed: () => 'Le paiement n’a pas abouti. Rien n’a été débité.',
      refunded: () => 'Ce paiement a été remboursé.',
    },
    recharges: 'Recharges',
    states: { open: 'pas encore payée', paid: 'payée', expired: 'expirée', failed: 'échouée', refunded: 'remboursée' },
    refunded: (points) => `${points} points repris`,
    entries: 'Entrées et sorties',
    noEntries: 'Rien encore. La première recharge ou recherche payante apparaîtra ici.',
    kinds: {
      voucher: 'Bon',
      recharge: 'Recharge',
      grant: 'Offert par l’exploitant',
      usage: 'Recherches',
      refund: 'Remboursement',
      adjust: 'Correction',
    },
    pointsChange: (points) => counted(points, 'point', 'points'),
    balanceAfter: (points) => `solde ${points}`,
    more: 'Plus anciennes',
    loading: 'Chargement…',
  },
}
