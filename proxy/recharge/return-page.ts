/** What the payer sees after the payment page: how the recharge stands. Plain HTML, without a script. */
import { hash } from 'node:crypto'
import type { Language, Localised } from '../../shared/language.ts'
import type { Recharge } from './recharge-rows.ts'

interface Said {
  title: Localised
  text: Localised
}

const SAID = {
  paid: {
    title: { en: 'Paid', zh: '支付成功', fr: 'Payé' },
    text: {
      en: '{points} points were added. You have {balance} points to spend. Go back to your spreadsheet: waiting cells go on.',
      zh: '已充值 {points} 点，现有可用点数 {balance}。请返回表格，等待中的单元格会继续处理。',
      fr: '{points} points ajoutés. Vous avez {balance} points à dépenser. Revenez à votre feuille : les cellules en attente continuent.',
    },
  },
  open: {
    title: { en: 'Not confirmed yet', zh: '尚未确认', fr: 'Pas encore confirmé' },
    text: {
      en: 'The payment is not confirmed yet. Points are added by themselves once it is; load this page again to see.',
      zh: '支付尚未确认。确认后点数会自动到账；可刷新此页面查看。',
      fr: 'Le paiement n’est pas encore confirmé. Les points s’ajoutent dès qu’il l’est ; rechargez cette page pour voir.',
    },
  },
  cancelled: {
    title: { en: 'Not paid', zh: '未支付', fr: 'Non payé' },
    text: {
      en: 'You left the payment page, and nothing was paid. You can open it again from your spreadsheet.',
      zh: '您已离开支付页面，未产生支付。可从表格重新打开。',
      fr: 'Vous avez quitté la page de paiement, rien n’est payé. Vous pouvez la rouvrir depuis votre feuille.',
    },
  },
  failed: {
    title: { en: 'Not paid', zh: '支付未成功', fr: 'Non payé' },
    text: {
      en: 'The payment did not go through, and no points were added. Start a new recharge to try again.',
      zh: '支付未成功，未充值点数。请重新发起充值。',
      fr: 'Le paiement n’a pas abouti, aucun point ajouté. Recommencez une recharge pour réessayer.',
    },
  },
  expired: {
    title: { en: 'Too late', zh: '已过期', fr: 'Trop tard' },
    text: {
      en: 'This payment page has expired, and nothing was paid. Start a new recharge.',
      zh: '此支付页面已过期，未产生支付。请重新发起充值。',
      fr: 'Cette page de paiement a expiré, rien n’est payé. Recommencez une recharge.',
    },
  },
  refunded: {
    title: { en: 'Refunded', zh: '已退款', fr: 'Remboursé' },
    text: {
      en: 'This payment was given back. You have {balance} points to spend.',
      zh: '此笔支付已退款。现有可用点数 {balance}。',
      fr: 'Ce paiement a été remboursé. Vous avez {balance} points à dépenser.',
    },
  },
} as const satisfies Record<string, Said>

const STYLE =
  'body{font:18px/1.6 system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;color:#1b1b1b;background:#fff}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}}'

/** Nothing is loaded, run, framed or sent from this page; its one style is named by its hash. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** @param isBack they turned back on the payment page; that matters only while nothing is paid. */
export function printReturnPage(
  { state, points }: Pick<Recharge, 'state' | 'points'>,
  balance: number,
  { language, isBack }: { language: Language; isBack: boolean },
): string {
  const { title, text } = SAID[isBack && state === 'open' ? 'cancelled' : state]
  const filled = text[language].replace('{points}', String(points)).replace('{balance}', String(balance))
  return printPage(title[language], filled, language)
}

/** @param text and title are ours, or escaped here all the same. */
export function printPage(title: string, text: string, language: Language): string {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)} · Tariffcell</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1><p>${escape(text)}</p></main></body>
</html>
`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
