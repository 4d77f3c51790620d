/** Every word of the page that connects, but those of the connection code, which are the pane's. */
import { CONNECT_WORDS, type ConnectWords } from '../../shared/pane/connect/words.ts'
import { counted, type Words } from '../../shared/pane/words.ts'

type CodeWords = Pick<
  ConnectWords,
  'code' | 'codeHint' | 'notACode' | 'name' | 'nameHint' | 'connect' | 'connecting' | 'where'
>

export interface PageWords extends CodeWords {
  language: string
  looking: string
  noLink: string
  noLinkWhat: string
  codeFirst: string
  codeFirstWhy: string
  asking: string
  /** @param name what asks, such as Google Sheets. */
  who: (name: string) => string
  /** Of what gives no name. */
  whoNameless: string
  compare: string
  workspace: string
  seat: string
  cap: string
  capOf: (points: string) => string
  noCap: string
  unnamed: string
  warning: string
  approve: string
  refuse: string
  approved: string
  approvedWhat: string
  refused: string
  refusedWhat: string
  trouble: string
  tryAgain: string
}

export const PAGE_WORDS: Words<PageWords> = {
  en: {
    ...CONNECT_WORDS.en,
    language: 'Language',
    looking: 'Looking…',
    noLink: 'Open this page from your spreadsheet',
    noLinkWhat: `The link in the sidebar of your spreadsheet opens it, and tells it what to connect. In the sidebar press “${CONNECT_WORDS.en.inBrowser}”, then “${CONNECT_WORDS.en.openPage}”. You can close this page.`,
    codeFirst: 'Connect this browser first',
    codeFirstWhy: 'It is not connected to this proxy yet. One code does that; then your spreadsheet can be approved.',
    asking: 'Connect this spreadsheet account?',
    who: (name) => `${name} asks to be connected. It shows this code in its sidebar:`,
    whoNameless: 'Something that gives no name asks to be connected. Where it was begun, this code is shown:',
    compare: 'Approve it only if the sidebar in your spreadsheet shows the same code.',
    workspace: 'It would use the points of',
    seat: 'You are connected as',
    cap: 'Points a day',
    capOf: (points) => `${counted(points, 'point', 'points')}, together with you`,
    noCap: 'No limit, as you have none',
    unnamed: 'no name',
    warning:
      'Did somebody send you the link to this page? Then do not connect: they would spend your points. Approve only what you have just asked for in your own sidebar.',
    approve: 'Approve',
    refuse: 'Do not connect',
    approved: 'Approved',
    approvedWhat:
      'Go back to your spreadsheet: its sidebar connects by itself in a few seconds. It stays connected until somebody ends that in the sidebar’s settings, or an owner does. You can close this page.',
    refused: 'Not connected',
    refusedWhat: 'Nothing was connected. To ask again, use the sidebar in your spreadsheet. You can close this page.',
    trouble: 'This cannot be connected now',
    tryAgain: 'Try again',
  },
  zh: {
    ...CONNECT_WORDS.zh,
    language: '语言',
    looking: '正在查看…',
    noLink: '请从您的电子表格打开此页面',
    noLinkWhat: `此页面由电子表格侧边栏中的链接打开，链接会说明要连接什么。请在侧边栏中点按“${CONNECT_WORDS.zh.inBrowser}”，再点按“${CONNECT_WORDS.zh.openPage}”。可以关闭此页面。`,
    codeFirst: '请先连接此浏览器',
    codeFirstWhy: '此浏览器尚未与此代理连接。输入一次连接码即可连接，然后便可批准您的电子表格。',
    asking: '要连接此电子表格账号吗？',
    who: (name) => `${name} 请求连接。其侧边栏显示以下代码：`,
    whoNameless: '一个未提供名称的程序请求连接。发起请求的地方显示以下代码：',
    compare: '仅当您电子表格的侧边栏显示相同代码时，才可批准。',
    workspace: '将使用以下工作区的点数',
    seat: '您的连接',
    cap: '每日上限',
    capOf: (points) => `${points} 点，与您合计`,
    noCap: '没有上限，您也没有上限',
    unnamed: '未命名',
    warning:
      '此页面的链接是别人发给您的吗？那么请不要连接：对方会消耗您的点数。只批准您刚刚在自己的侧边栏中提出的请求。',
    approve: '批准',
    refuse: '不连接',
    approved: '已批准',
    approvedWhat:
      '请返回电子表格：侧边栏会在几秒内自动连接，并一直保持连接，直到有人在侧边栏的设置中断开，或由所有者终止。可以关闭此页面。',
    refused: '未连接',
    refusedWhat: '未进行任何连接。如需再次请求，请使用电子表格的侧边栏。可以关闭此页面。',
    trouble: '现在无法连接',
    tryAgain: '重试',
  },
  fr: {
    ...CONNECT_WORDS.fr,
    language: 'Langue',
    looking: 'Vérification…',
    noLink: 'Ouvrez cette page depuis votre feuille',
    noLinkWhat: `Le lien dans la barre latérale de votre feuille l’ouvre et lui indique ce qu’il faut connecter. Dans la barre latérale, cliquez sur « ${CONNECT_WORDS.fr.inBrowser} », puis sur « ${CONNECT_WORDS.fr.openPage} ». Vous pouvez fermer cette page.`,
    codeFirst: 'Connectez d’abord ce navigateur',
    codeFirstWhy:
      'Il n’est pas encore connecté à ce proxy. Un code suffit ; ensuite, votre feuille peut être approuvée.',
    asking: 'Connecter ce compte de tableur ?',
    who: (name) => `${name} demande à être connecté. Sa barre latérale affiche ce code :`,
    whoNameless:
      'Un programme qui ne donne pas son nom demande à être connecté. Là où il l’a demandé, ce code s’affiche :',
    compare: 'N’approuvez que si la barre latérale de votre feuille affiche le même code.',
    workspace: 'Il utiliserait les points de',
    seat: 'Vous êtes connecté en tant que',
    cap: 'Points par jour',
    capOf: (points) => `${counted(points, 'point', 'points')}, avec les vôtres`,
    noCap: 'Aucun plafond, comme pour vous',
    unnamed: 'sans nom',
    warning:
      'Quelqu’un vous a envoyé le lien de cette page ? Alors ne connectez pas : il dépenserait vos points. N’approuvez que ce que vous venez de demander dans votre propre barre latérale.',
    approve: 'Approuver',
    refuse: 'Ne pas connecter',
    approved: 'Approuvé',
    approvedWhat:
      'Revenez à votre feuille : sa barre latérale se connecte d’elle-même en quelques secondes. Elle reste connectée jusqu’à ce que quelqu’un y mette fin dans ses réglages, ou qu’un propriétaire le fasse. Vous pouvez fermer cette page.',
    refused: 'Non connecté',
    refusedWhat:
      'Rien n’a été connecté. Pour le redemander, passez par la barre latérale de votre feuille. Vous pouvez fermer cette page.',
    trouble: 'La connexion est impossible pour l’instant',
    tryAgain: 'Réessayer',
  },
}
