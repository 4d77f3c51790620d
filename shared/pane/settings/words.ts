import type { SessionReply } from '../../protocol.ts'
import type { Words } from '../words.ts'

export interface SettingsWords {
  language: string
  connection: string
  workspace: string
  seat: string
  unnamed: string
  roles: Record<SessionReply['seat']['role'], string>
  cap: string
  capOf: (points: string) => string
  noCap: string
  address: string
  disconnect: string
  /** By who answers formulas: this connection, or the spreadsheet's own token. */
  disconnecting: Record<'ends-formulas' | 'leaves-formulas', { title: string; text: string }>
  /** An owner's token does not end with it. */
  disconnectOwner: string
  seats: string
  seatsPurpose: string
  capFor: (name: string) => string
  spentToday: (points: string) => string
  capHint: string
  capWrong: string
  save: string
  saved: string
  answers: {
    keptHere: { title: string; text: (count: number, printed: string) => string; clear: string; cleared: string }
    keptWithSheet: { title: string; text: string; clear: string; cleared: string }
  }
  formulas: string
  formulasOn: string
  formulasOff: string
  formulasSpent: (spent: string, cap: string) => string
  /** Others enabled them. */
  formulasOfOthers: string
  formulasCap: string
  formulasCapHint: string
  formulasEnable: string
  formulasRenew: string
  formulasDisable: string
  formulasDisableTitle: string
  formulasDisableText: string
  startup: string
  startupHint: string
  about: string
  pane: string
  proxy: string
  editions: string
  unknown: string
  support: string
  supportHint: string
  copy: string
  loading: string
}

export const SETTINGS_WORDS: Words<SettingsWords> = {
  en: {
    language: 'Language',
    connection: 'Connection',
    workspace: 'Workspace',
    seat: 'This connection',
    unnamed: 'no name',
    roles: { owner: 'owner', seat: 'user', cell: 'single cells only' },
    cap: 'Daily limit',
    capOf: (points) => `${points} points`,
    noCap: 'none of its own',
    address: 'Proxy',
    disconnect: 'Disconnect',
    disconnecting: {
      'ends-formulas': {
        title: 'Disconnect this computer?',
        text: 'Formulas show an error until you connect again with a new code. Points, memory and jobs stay in the workspace.',
      },
      'leaves-formulas': {
        title: 'Disconnect yourself?',
        text: 'In all your spreadsheets this sidebar asks for a new code then. Formulas go on answering where they are enabled. Points, memory and jobs stay in the workspace.',
      },
    },
    disconnectOwner:
      'This connection is an owner’s: it is forgotten here, but the token stays valid. To end it too, have it replaced at the proxy (seat rotate).',
    seats: 'Daily limits',
    seatsPurpose: 'As owner you set how many points each connection may spend a day. Empty: no limit.',
    capFor: (name) => `Points a day for ${name}`,
    spentToday: (points) => `${points} spent today`,
    capHint: 'No limit',
    capWrong: 'A whole number from 0, or nothing.',
    save: 'Save',
    saved: 'Saved.',
    answers: {
      keptHere: {
        title: 'Answers on this computer',
        text: (count, printed) =>
          `${count === 1 ? '1 answer is' : `${printed} answers are`} kept here, so that formulas recalculate without asking again.`,
        clear: 'Clear',
        cleared: 'Cleared. Cells ask the proxy when they are calculated next; what was paid for stays paid.',
      },
      keptWithSheet: {
        title: 'Answers kept by Google',
        text: 'Google keeps the answers to this spreadsheet’s formulas for up to six hours, so that it can calculate them again without asking.',
        clear: 'Ask for them again',
        cleared: 'Formulas ask the proxy when Google calculates them next; what was paid for stays paid.',
      },
    },
    formulas: 'Formulas in this spreadsheet',
    formulasOn: 'Formulas such as =HSCODE(A2) answer here, for everybody who edits this spreadsheet.',
    formulasOff: 'Formulas such as =HSCODE(A2) do not answer here yet.',
    formulasSpent: (spent, cap) => `Spent here today: ${spent} of ${cap} points.`,
    formulasOfOthers: 'They spend the points of another workspace than yours.',
    formulasCap: 'Points a day',
    formulasCapHint:
      'Everybody who edits this spreadsheet can spend up to so many of your workspace’s points a day by calculating.',
    formulasEnable: 'Enable formulas',
    formulasRenew: 'Set this limit',
    formulasDisable: 'Disable formulas',
    formulasDisableTitle: 'Disable formulas here?',
    formulasDisableText: 'Cells keep what they show until Google calculates them again; then they show an error.',
    startup: 'Start with this workbook',
    startupHint: 'Its formulas calculate as soon as it is opened, without the pane.',
    about: 'Versions and data',
    pane: 'Tariffcell',
    proxy: 'Proxy',
    editions: 'Tariff editions',
    unknown: 'not known',
    support: 'For support',
    supportHint: 'Versions, state and the codes of the last failures. No token, and nothing of your cells.',
    copy: 'Copy details',
    loading: 'Loading…',
  },
  zh: {
    language: '语言',
    connection: '连接',
    workspace: '工作区',
    seat: '此连接',
    unnamed: '未命名',
    roles: { owner: '所有者', seat: '用户', cell: '仅限单元格' },
    cap: '每日限额',
    capOf: (points) => `${points} 点`,
    noCap: '未单独设置',
    address: '代理',
    disconnect: '断开连接',
    disconnecting: {
      'ends-formulas': {
        title: '断开此电脑的连接？',
        text: '在用新的连接码重新连接之前，公式会显示错误。点数、记忆库和任务都保留在工作区中。',
      },
      'leaves-formulas': {
        title: '断开您的连接？',
        text: '此后，此侧边栏在您的所有电子表格中都会要求输入新的连接码。已启用的公式仍可使用。点数、记忆库和任务都保留在工作区中。',
      },
    },
    disconnectOwner:
      '这是所有者的连接：此处会忘记其令牌，但令牌仍然有效。如要使其失效，请在代理上更换令牌（seat rotate）。',
    seats: '每日限额',
    seatsPurpose: '您是所有者，可设置每个连接每天最多使用的点数。留空表示不限。',
    capFor: (name) => `${name} 每日点数`,
    spentToday: (points) => `今天已用 ${points} 点`,
    capHint: '不限',
    capWrong: '请输入不小于 0 的整数，或留空。',
    save: '保存',
    saved: '已保存。',
    answers: {
      keptHere: {
        title: '此电脑上的回答',
        text: (_, printed) => `这里保存了 ${printed} 个回答，公式重算时无需再次查询。`,
        clear: '清除',
        cleared: '已清除。单元格下次计算时会向代理查询；已付费的回答不会再次收费。',
      },
      keptWithSheet: {
        title: '由 Google 保存的回答',
        text: 'Google 会将此电子表格中公式的回答保存最多六小时，重新计算时无需再次查询。',
        clear: '重新查询',
        cleared: 'Google 下次计算时，公式会向代理查询；已付费的回答不会再次收费。',
      },
    },
    formulas: '此电子表格中的函数',
    formulasOn: '=HSCODE(A2) 等函数可在此使用，适用于所有可编辑此电子表格的人。',
    formulasOff: '=HSCODE(A2) 等函数在此尚不可用。',
    formulasSpent: (spent, cap) => `今日在此已用 ${spent} 点，上限 ${cap} 点。`,
    formulasOfOthers: '这些函数使用的不是您工作区的点数。',
    formulasCap: '每日点数',
    formulasCapHint: '所有可编辑此电子表格的人在计算时，每天最多可使用您工作区的这么多点数。',
    formulasEnable: '启用函数',
    formulasRenew: '设置此限额',
    formulasDisable: '停用函数',
    formulasDisableTitle: '在此停用函数？',
    formulasDisableText: '单元格会保留现有显示，直到 Google 重新计算；之后将显示错误。',
    startup: '随此工作簿启动',
    startupHint: '打开工作簿后公式立即计算，无需打开窗格。',
    about: '版本与数据',
    pane: 'Tariffcell',
    proxy: '代理',
    editions: '税则版本',
    unknown: '未知',
    support: '技术支持',
    supportHint: '包含版本、状态和最近错误的代码；不含令牌，也不含单元格内容。',
    copy: '复制详细信息',
    loading: '正在加载…',
  },
  fr: {
    language: 'Langue',
    connection: 'Connexion',
    workspace: 'Espace',
    seat: 'Cette connexion',
    unnamed: 'sans nom',
    roles: { owner: 'propriétaire', seat: 'utilisateur', cell: 'cellules seules' },
    cap: 'Limite quotidienne',
    capOf: (points) => `${points} points`,
    noCap: 'aucune en propre',
    address: 'Proxy',
    disconnect: 'Déconnecter',
    disconnecting: {
      'ends-formulas': {
        title: 'Déconnecter cet ordinateur ?',
        text: 'Les formules affichent une erreur jusqu’à la prochaine connexion avec un nouveau code. Points, mémoire et travaux restent dans l’espace.',
      },
      'leaves-formulas': {
        title: 'Vous déconnecter ?',
        text: 'Dans toutes vos feuilles de calcul, cette barre demandera alors un nouveau code. Les formules répondent toujours là où elles sont activées. Points, mémoire et travaux restent dans l’espace.',
      },
    },
    disconnectOwner:
      'Cette connexion est celle d’un propriétaire : son jeton est oublié ici, mais il reste valable. Pour y mettre fin aussi, faites-le remplacer sur le proxy (seat rotate).',
    seats: 'Limites quotidiennes',
    seatsPurpose:
      'Propriétaire, vous fixez combien de points chaque connexion peut dépenser par jour. Vide : sans limite.',
    capFor: (name) => `Points par jour pour ${name}`,
    spentToday: (points) => `${points} dépensés aujourd’hui`,
    capHint: 'Sans limite',
    capWrong: 'Un nombre entier à partir de 0, ou rien.',
    save: 'Enregistrer',
    saved: 'Enregistré.',
    answers: {
      keptHere: {
        title: 'Réponses sur cet ordinateur',
        text: (count, printed) =>
          `${count < 2 ? `${printed} réponse est gardée` : `${printed} réponses sont gardées`} ici ; les formules se recalculent sans redemander.`,
        clear: 'Effacer',
        cleared: 'Effacé. Les cellules interrogeront le proxy au prochain calcul ; ce qui est payé reste payé.',
      },
      keptWithSheet: {
        title: 'Réponses gardées par Google',
        text: 'Google garde jusqu’à six heures les réponses aux formules de cette feuille de calcul, pour les recalculer sans redemander.',
        clear: 'Les redemander',
        cleared: 'Les formules interrogeront le proxy au prochain calcul de Google ; ce qui est payé reste payé.',
      },
    },
    formulas: 'Fonctions dans cette feuille de calcul',
    formulasOn:
      'Les fonctions comme =HSCODE(A2) répondent ici, pour toutes les personnes qui modifient cette feuille de calcul.',
    formulasOff: 'Les fonctions comme =HSCODE(A2) ne répondent pas encore ici.',
    formulasSpent: (spent, cap) => `Dépensé ici aujourd’hui : ${spent} points sur ${cap}.`,
    formulasOfOthers: 'Elles ne dépensent pas les points de votre espace.',
    formulasCap: 'Points par jour',
    formulasCapHint:
      'Toute personne qui modifie cette feuille de calcul peut dépenser en calculant jusqu’à ce nombre de points de votre espace par jour.',
    formulasEnable: 'Activer les fonctions',
    formulasRenew: 'Fixer cette limite',
    formulasDisable: 'Désactiver les fonctions',
    formulasDisableTitle: 'Désactiver les fonctions ici ?',
    formulasDisableText:
      'Les cellules gardent leur contenu jusqu’au prochain calcul de Google ; elles affichent ensuite une erreur.',
    startup: 'Démarrer avec ce classeur',
    startupHint: 'Ses formules se calculent dès l’ouverture, sans le volet.',
    about: 'Versions et données',
    pane: 'Tariffcell',
    proxy: 'Proxy',
    editions: 'Éditions des tarifs',
    unknown: 'inconnue',
    support: 'Pour l’assistance',
    supportHint: 'Versions, état et codes des derniers échecs. Ni jeton, ni contenu de vos cellules.',
    copy: 'Copier les détails',
    loading: 'Chargement…',
  },
}
