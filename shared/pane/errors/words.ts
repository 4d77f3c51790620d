import type { Words } from '../words.ts'

export interface ErrorsWords {
  purpose: string
  empty: string
  times: (count: string) => string
  goTo: string
  goToCell: (address: string) => string
  copy: string
  again: string
  resumed: string
  connect: string
  recharge: string
  correct: string
}

export const ERRORS_WORDS: Words<ErrorsWords> = {
  en: {
    purpose: 'The last cells that could not be answered, newest first.',
    empty: 'No formula has failed since this workbook was opened.',
    times: (count) => `${count} times in a row`,
    goTo: 'Go to cell',
    goToCell: (address) => `Go to cell ${address}`,
    copy: 'Copy all',
    again: 'Let formulas ask again',
    resumed:
      'Formulas ask again from now on. Cells that show an error do so when they are calculated: press Ctrl+Alt+F9 to calculate all.',
    connect: 'Connect',
    recharge: 'Recharge',
    correct: 'Correct the cell and it asks again by itself.',
  },
  zh: {
    purpose: '最近未能回答的单元格，最新的在前。',
    empty: '打开此工作簿以来没有公式出错。',
    times: (count) => `连续 ${count} 次`,
    goTo: '转到单元格',
    goToCell: (address) => `转到单元格 ${address}`,
    copy: '全部复制',
    again: '让公式重新查询',
    resumed: '公式从现在起会重新查询。显示错误的单元格在重算时查询：按 Ctrl+Alt+F9 可重算全部。',
    connect: '连接',
    recharge: '充值',
    correct: '更正单元格后会自动重新查询。',
  },
  fr: {
    purpose: 'Les dernières cellules restées sans réponse, les plus récentes d’abord.',
    empty: 'Aucune formule n’a échoué depuis l’ouverture de ce classeur.',
    times: (count) => `${count} fois de suite`,
    goTo: 'Aller à la cellule',
    goToCell: (address) => `Aller à la cellule ${address}`,
    copy: 'Tout copier',
    again: 'Relancer les formules',
    resumed:
      'Les formules interrogent de nouveau. Les cellules en erreur le font au prochain calcul : Ctrl+Alt+F9 recalcule tout.',
    connect: 'Connecter',
    recharge: 'Recharger',
    correct: 'Corrigez la cellule et elle redemande d’elle-même.',
  },
}
