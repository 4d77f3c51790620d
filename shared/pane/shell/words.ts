import type { ViewId } from '../view-ids.ts'
import type { Words } from '../words.ts'

export interface ShellWords {
  product: string
  views: Record<ViewId, string>
  tools: string
  points: (balance: string) => string
  pointsUnknown: string
  notConnected: string
  connecting: string
  preview: string
  editing: string
  busy: string
  away: string
  tryAgain: string
  cancel: string
  resume: string
  recharge: string
  stoppedTitle: string
  formulasOff: string
  formulasEnable: string
}

export const SHELL_WORDS: Words<ShellWords> = {
  en: {
    product: 'Tariffcell',
    views: {
      bulk: 'Classify',
      review: 'Review',
      wizard: 'Formulas',
      doctor: 'Fix codes',
      freeze: 'Freeze',
      memory: 'Memory',
      picture: 'Picture',
      desk: 'Experts',
      trade: 'Trade',
      points: 'Points',
      errors: 'Errors',
      settings: 'Settings',
    },
    tools: 'All parts of the pane',
    points: (balance) => `${balance} points`,
    pointsUnknown: 'Points',
    notConnected: 'Not connected',
    connecting: 'Connecting…',
    preview: 'This is a preview with sample rows. Inside Excel it works on your own sheet.',
    editing: 'A cell is being edited. Press Enter or Esc in it and this goes on.',
    busy: 'The spreadsheet is busy. This goes on as soon as it is ready.',
    away: 'The proxy is out of reach.',
    tryAgain: 'Try again',
    cancel: 'Cancel',
    resume: 'Go on',
    recharge: 'Recharge',
    stoppedTitle: 'Formulas are paused',
    formulasOff: 'Formulas such as =HSCODE(A2) do not answer in this spreadsheet yet.',
    formulasEnable: 'Enable…',
  },
  zh: {
    product: 'Tariffcell',
    views: {
      bulk: '归类',
      review: '复核',
      wizard: '公式',
      doctor: '修复编码',
      freeze: '固化',
      memory: '记忆库',
      picture: '图片',
      desk: '专家',
      trade: '贸易',
      points: '点数',
      errors: '错误',
      settings: '设置',
    },
    tools: '窗格的所有功能',
    points: (balance) => `${balance} 点`,
    pointsUnknown: '点数',
    notConnected: '未连接',
    connecting: '正在连接…',
    preview: '这是使用示例行的预览。在 Excel 中会处理您自己的工作表。',
    editing: '有单元格正在编辑。在其中按 Enter 或 Esc 后会继续。',
    busy: '电子表格正忙，就绪后会自动继续。',
    away: '无法连接代理。',
    tryAgain: '重试',
    cancel: '取消',
    resume: '继续',
    recharge: '充值',
    stoppedTitle: '公式已暂停',
    formulasOff: '=HSCODE(A2) 等函数在此电子表格中尚不可用。',
    formulasEnable: '启用…',
  },
  fr: {
    product: 'Tariffcell',
    views: {
      bulk: 'Classer',
      review: 'Réviser',
      wizard: 'Formules',
      doctor: 'Réparer',
      freeze: 'Figer',
      memory: 'Mémoire',
      picture: 'Image',
      desk: 'Experts',
      trade: 'Commerce',
      points: 'Points',
      errors: 'Erreurs',
      settings: 'Réglages',
    },
    tools: 'Toutes les parties du volet',
    points: (balance) => `${balance} points`,
    pointsUnknown: 'Points',
    notConnected: 'Non connecté',
    connecting: 'Connexion…',
    preview: 'Ceci est un aperçu avec des lignes d’exemple. Dans Excel, il travaille sur votre feuille.',
    editing: 'Une cellule est en cours de saisie. Appuyez sur Entrée ou Échap et le travail reprend.',
    busy: 'Le tableur est occupé. Le travail reprend dès qu’il est prêt.',
    away: 'Le proxy est hors d’atteinte.',
    tryAgain: 'Réessayer',
    cancel: 'Annuler',
    resume: 'Continuer',
    recharge: 'Recharger',
    stoppedTitle: 'Les formules sont en pause',
    formulasOff: 'Les fonctions comme =HSCODE(A2) ne répondent pas encore dans cette feuille de calcul.',
    formulasEnable: 'Activer…',
  },
}
