import { counted, type Words } from '../words.ts'
import type { ShownKind } from './shown-error.ts'

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
  onSheet: FailedFormulasWords
}

/** Where the cells themselves are looked at. */
export interface FailedFormulasWords {
  purpose: string
  none: (sheet: string) => string
  look: string
  looking: string
  rows: (done: string) => string
  stop: string
  /** For an error without a code. */
  shows: (shown: string, kind: ShownKind) => string
  formulas: (count: string) => string
  again: (count: number, printed: string) => string
  calculating: (count: number, printed: string) => string
  changed: (count: number, printed: string) => string
  left: (count: number, printed: string) => string
  /** Formulas whose cells are gone. */
  gone: string
  /** Formulas in cells that are protected from this person. */
  closed: string
  copy: string
  forget: string
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
    onSheet: {
      purpose: 'Tariffcell formulas on the sheet in front of you whose cells show no value.',
      none: (sheet) => `Every Tariffcell formula on ${sheet} shows a value.`,
      look: 'Look again',
      looking: 'Going through the sheet',
      rows: (done) => `${done} rows looked at`,
      stop: 'Stop',
      shows(shown, kind) {
        if (kind === 'pending')
          return 'Shows #PENDING: it was still being answered when Google’s time was up. Calculate it again in a moment; no answer is paid for twice.'
        if (kind === 'unknown-name')
          return `Shows ${shown}: Google did not know the function when it calculated this. Calculate it again; if it stays, look how the function is written.`
        if (kind === 'reference')
          return `Shows ${shown}: there is something in the cells that it would fill, or the cells it asks about are gone.`
        return `Shows ${shown}. Point at the cell and Google shows why. Calculate it again when that is mended.`
      },
      formulas: (count) => `${count} formulas`,
      again: (_, printed) => `Calculate ${counted(printed, 'formula', 'formulas')} again`,
      calculating: (_, printed) =>
        `${counted(printed, 'formula is', 'formulas are')} being calculated again. Look again in a moment.`,
      changed: (_, printed) =>
        `${counted(printed, 'formula was', 'formulas were')} left alone: another one stands there now.`,
      left: (_, printed) =>
        `${counted(printed, 'formula was', 'formulas were')} left as before: nothing was done there yet.`,
      gone: 'Google broke off while these formulas were being calculated again, and their cells have been deleted or filled since. Where you still need one, type it again. They stood at:',
      closed:
        'Google broke off while these formulas were being calculated again, and they show #NAME? in cells that are protected from you. They are put back as soon as somebody who may edit these cells opens this sidebar.',
      copy: 'Copy them',
      forget: 'Take off the list',
    },
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
    onSheet: {
      purpose: '当前工作表中未显示数值的 Tariffcell 公式。',
      none: (sheet) => `“${sheet}”中的 Tariffcell 公式均显示数值。`,
      look: '重新查看',
      looking: '正在查看工作表',
      rows: (done) => `已查看 ${done} 行`,
      stop: '停止',
      shows(shown, kind) {
        if (kind === 'pending') return '显示 #PENDING：Google 的时限已到时仍在处理。请稍后重新计算；回答不会重复收费。'
        if (kind === 'unknown-name')
          return `显示 ${shown}：Google 计算时不认识此函数。请重新计算；如仍如此，请检查函数的写法。`
        if (kind === 'reference') return `显示 ${shown}：要填入的单元格中已有内容，或所引用的单元格已不存在。`
        return `显示 ${shown}。将鼠标指向该单元格，Google 会说明原因；解决后重新计算。`
      },
      formulas: (count) => `${count} 个公式`,
      again: (_, printed) => `重新计算 ${printed} 个公式`,
      calculating: (_, printed) => `正在重新计算 ${printed} 个公式。请稍后重新查看。`,
      changed: (_, printed) => `${printed} 个公式未处理：该处现在是其他公式。`,
      left: (_, printed) => `${printed} 个公式尚未处理。`,
      gone: '重新计算这些公式时 Google 中断了执行，之后其单元格已被删除或填写。仍需要的公式请重新输入。原位置为：',
      closed:
        '重新计算这些公式时 Google 中断了执行，它们在对您受保护的单元格中显示 #NAME?。有权编辑这些单元格的人打开此侧边栏后即会恢复。',
      copy: '复制公式',
      forget: '从列表中移除',
    },
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
    onSheet: {
      purpose: 'Formules Tariffcell de la feuille affichée dont les cellules ne montrent pas de valeur.',
      none: (sheet) => `Toutes les formules Tariffcell de ${sheet} montrent une valeur.`,
      look: 'Regarder de nouveau',
      looking: 'Parcours de la feuille',
      rows: (done) => `${done} lignes parcourues`,
      stop: 'Arrêter',
      shows(shown, kind) {
        if (kind === 'pending')
          return 'Affiche #PENDING : la réponse était en cours quand le temps de Google s’est écoulé. Recalculez dans un instant ; aucune réponse n’est payée deux fois.'
        if (kind === 'unknown-name')
          return `Affiche ${shown} : Google ne connaissait pas la fonction lors du calcul. Recalculez ; si cela reste, vérifiez comment elle est écrite.`
        if (kind === 'reference')
          return `Affiche ${shown} : les cellules à remplir ne sont pas vides, ou celles dont il est question n’existent plus.`
        return `Affiche ${shown}. Survolez la cellule : Google dit pourquoi. Recalculez une fois que c’est corrigé.`
      },
      formulas: (count) => `${count} formules`,
      again: (count, printed) => `Recalculer ${printed} formule${count < 2 ? '' : 's'}`,
      calculating: (count, printed) =>
        `${printed} formule${count < 2 ? ' est recalculée' : 's sont recalculées'}. Regardez de nouveau dans un instant.`,
      changed: (count, printed) =>
        `${printed} formule${count < 2 ? ' est restée telle quelle' : 's sont restées telles quelles'} : une autre s’y trouve maintenant.`,
      left: (count, printed) =>
        `${printed} formule${count < 2 ? ' n’a pas encore été traitée' : 's n’ont pas encore été traitées'}.`,
      gone: 'Google s’est interrompu pendant le recalcul de ces formules, et leurs cellules ont été supprimées ou remplies depuis. Ressaisissez celles qu’il vous faut encore. Elles étaient en :',
      closed:
        'Google s’est interrompu pendant le recalcul de ces formules, et elles montrent #NAME? dans des cellules protégées. Elles seront remises dès qu’une personne qui peut modifier ces cellules ouvrira cette barre latérale.',
      copy: 'Les copier',
      forget: 'Retirer de la liste',
    },
  },
}
