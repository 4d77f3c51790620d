import type { Words } from '../words.ts'

export interface TradeWords {
  purpose: string
  product: string
  productHint: string
  role: string
  exporter: string
  importer: string
  from: string
  to: string
  periodHint: string
  badPeriod: string
  lookUp: string
  looking: string
  insert: string
  cost: string
  insertHint: (formula: string) => string
  inserted: (address: string) => string
  caption: (product: string) => string
  country: string
  share: string
  trades: string
  sellers: string
  buyers: string
  byCount: string
  /** An upstream's edition begins with its name. */
  source: (edition: string) => string
  period: (from: string, to: string) => string
  usualPeriod: string
  points: (points: string) => string
}

export const TRADE_WORDS: Words<TradeWords> = {
  en: {
    purpose: 'Which countries sell or buy a product, by number of trades.',
    product: 'Code or product',
    productHint: 'Such as 610910, or cotton T-shirt.',
    role: 'Countries of',
    exporter: 'sellers',
    importer: 'buyers',
    from: 'From (optional)',
    to: 'To (optional)',
    periodHint: 'Left empty: the usual period, which ends with last month.',
    badPeriod: 'The period ends before it begins.',
    lookUp: 'Look up',
    looking: 'Looking…',
    insert: 'Insert as formula',
    cost: 'Costs 1 point; nothing where the same was looked up before.',
    insertHint: (formula) =>
      `Puts ${formula} into the active cell. Its table fills up to 11 rows and 5 columns from there.`,
    inserted: (address) => `The formula is in ${address} now.`,
    caption: (product) => `Trade in ${product}`,
    country: 'Country',
    share: 'Share',
    trades: 'Trades',
    sellers: 'Sellers',
    buyers: 'Buyers',
    byCount: 'Shares are by number of trades, not by value.',
    source: (edition) => `Source: ${edition}.`,
    period: (from, to) => `Period: ${from} – ${to}.`,
    usualPeriod: 'Period: the usual one, up to last month.',
    points: (points) => `Points taken: ${points}.`,
  },
  zh: {
    purpose: '按交易次数查看哪些国家出售或购买某种商品。',
    product: '编码或商品',
    productHint: '例如 610910 或 棉质T恤。',
    role: '统计国家',
    exporter: '出口国',
    importer: '进口国',
    from: '起始日（可选）',
    to: '结束日（可选）',
    periodHint: '留空则为默认期间，截至上月。',
    badPeriod: '结束日早于起始日。',
    lookUp: '查询',
    looking: '正在查询…',
    insert: '插入为公式',
    cost: '消耗 1 点；查过的相同内容不再扣点。',
    insertHint: (formula) => `在活动单元格写入 ${formula}，结果从该处起最多占 11 行 5 列。`,
    inserted: (address) => `公式已写入 ${address}。`,
    caption: (product) => `${product} 的贸易分布`,
    country: '国家',
    share: '占比',
    trades: '交易次数',
    sellers: '卖家',
    buyers: '买家',
    byCount: '占比按交易次数计算，而非金额。',
    source: (edition) => `来源：${edition}。`,
    period: (from, to) => `期间：${from} – ${to}。`,
    usualPeriod: '期间：默认期间，截至上月。',
    points: (points) => `已用 ${points} 点。`,
  },
  fr: {
    purpose: 'Quels pays vendent ou achètent un produit, en nombre d’échanges.',
    product: 'Code ou produit',
    productHint: 'Par exemple 610910, ou T-shirt en coton.',
    role: 'Pays des',
    exporter: 'vendeurs',
    importer: 'acheteurs',
    from: 'Du (facultatif)',
    to: 'Au (facultatif)',
    periodHint: 'Laissés vides : la période habituelle, qui finit avec le mois dernier.',
    badPeriod: 'La période finit avant de commencer.',
    lookUp: 'Rechercher',
    looking: 'Recherche…',
    insert: 'Insérer la formule',
    cost: 'Coûte 1 point ; rien si la même recherche a déjà été faite.',
    insertHint: (formula) =>
      `Met ${formula} dans la cellule active. Son tableau occupe jusqu’à 11 lignes et 5 colonnes à partir de là.`,
    inserted: (address) => `La formule est maintenant en ${address}.`,
    caption: (product) => `Échanges de ${product}`,
    country: 'Pays',
    share: 'Part',
    trades: 'Échanges',
    sellers: 'Vendeurs',
    buyers: 'Acheteurs',
    byCount: 'Les parts sont en nombre d’échanges, non en valeur.',
    source: (edition) => `Source : ${edition}.`,
    period: (from, to) => `Période : ${from} – ${to}.`,
    usualPeriod: 'Période : l’habituelle, jusqu’au mois dernier.',
    points: (points) => `Points pris : ${points}.`,
  },
}
