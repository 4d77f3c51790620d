/** Every word of the page that is not in the catalogue or among the error sentences. */
import type { Language } from '../../shared/language.ts'

export interface PageWords {
  title: string
  hint: string
  connecting: string
  connected: string
  unreachable: string
  notConnected: string
  points: (balance: string) => string
  pointsAndMore: string
  language: string
  connect: string
  connectTitle: string
  connectWhy: string
  connectWhere: string
  code: string
  later: string
  tryAgain: string
  startOver: string
  startOverTitle: string
  startOverWhat: string
  keepCells: string
  keptUnreadable: string
  keptTooLarge: string
  keptNowhere: string
  busy: string
  stripHint: string
  noSuchName: string
  grid: string
  columns: Record<
    'description' | 'code' | 'sure' | 'label' | 'rate' | 'preference' | 'elsewhere' | 'formula' | 'result' | 'meaning',
    string
  >
  /** Beside the examples of the sample that say more than what their function does. */
  examples: Record<'upstreams' | 'byJiayou' | 'besideJiayou' | 'agreement' | 'pictureAddress' | 'consultation', string>
}

const WORDS: Record<Language, PageWords> = {
  en: {
    title: 'Tariffcell playground',
    hint: 'Change a description in column A, or type a formula of your own.',
    connecting: 'Connecting…',
    connected: 'Connected · the proxy’s own answers are free',
    unreachable: 'Proxy out of reach · trying again',
    notConnected: 'Not connected',
    points: (balance) => `${balance} points`,
    pointsAndMore: 'Points and more',
    language: 'Language',
    connect: 'Connect',
    connectTitle: 'Connect this spreadsheet',
    connectWhy: 'The formulas ask your own Tariffcell proxy. A connection code pairs this page with it, once.',
    connectWhere:
      'The code is in the link that npm start prints. It works once: npm run admin -- code, in a second window, makes a new one.',
    code: 'Connection code',
    later: 'Look around first',
    tryAgain: 'Try again',
    startOver: 'Start again with the sample',
    startOverTitle: 'Start again with the sample?',
    startOverWhat: 'Everything you typed on these sheets is thrown away. This cannot be undone.',
    keepCells: 'Keep my cells',
    keptUnreadable: 'The cells kept in this browser could not be read, so this is the sample again.',
    keptTooLarge: 'These sheets are too large to be kept in this browser: a reload loses your latest changes.',
    keptNowhere: 'This browser keeps nothing for this page: a reload loses your latest changes.',
    busy: 'waiting for the answer…',
    stripHint: 'Type =HSCODE(A2) into any empty cell and press Enter.',
    noSuchName: 'No such function or name. Texts stand in quotes: "US".',
    grid: 'Spreadsheet',
    columns: {
      description: 'Description',
      code: 'HS code',
      sure: 'Sure',
      label: 'Label',
      rate: 'Canada MFN',
      preference: 'From Mexico',
      elsewhere: 'US',
      formula: 'Formula',
      result: 'Result',
      meaning: 'What it does',
    },
    examples: {
      upstreams:
        'These ask connected upstreams, a point for each look-up; without one, each says which credential it needs.',
      byJiayou: 'The code that jiayou gives.',
      besideJiayou: 'The code that jiayou gives, and below it what the classifier of the proxy would say.',
      agreement: 'To how many digits the two agree; 0 asks you to look at it.',
      pictureAddress: 'Put the public https address of a picture here.',
      consultation: 'Put the number of one of your expert consultations here.',
    },
  },
  zh: {
    title: 'Tariffcell 试用表',
    hint: '修改 A 列的描述，或输入自己的公式。',
    connecting: '正在连接…',
    connected: '已连接 · 代理自带的答案免费',
    unreachable: '无法连接代理 · 正在重试',
    notConnected: '尚未连接',
    points: (balance) => `${balance} 点`,
    pointsAndMore: '点数及更多',
    language: '语言',
    connect: '连接',
    connectTitle: '连接此表格',
    connectWhy: '公式由您自己的 Tariffcell 代理回答。连接码把本页与代理配对一次即可。',
    connectWhere:
      '连接码在 npm start 显示的链接中，只能使用一次：在第二个窗口运行 npm run admin -- code 可获得新的连接码。',
    code: '连接码',
    later: '先看看',
    tryAgain: '重试',
    startOver: '重新使用示例表',
    startOverTitle: '重新使用示例表？',
    startOverWhat: '您在这些工作表中输入的全部内容将被丢弃，且无法撤销。',
    keepCells: '保留我的内容',
    keptUnreadable: '此浏览器中保存的单元格无法读取，因此重新显示示例表。',
    keptTooLarge: '表格太大，无法保存在此浏览器中：刷新后会丢失最近的修改。',
    keptNowhere: '此浏览器不为本页保存内容：刷新后会丢失最近的修改。',
    busy: '正在等待答案…',
    stripHint: '在空白单元格输入 =HSCODE(A2) 并按回车。',
    noSuchName: '没有这个函数或名称。文本要加引号："US"。',
    grid: '表格',
    columns: {
      description: '商品描述',
      code: 'HS 编码',
      sure: '把握',
      label: '名称',
      rate: '加拿大最惠国',
      preference: '原产墨西哥',
      elsewhere: '美国',
      formula: '公式',
      result: '结果',
      meaning: '用途',
    },
    examples: {
      upstreams: '这些公式查询已连接的上游服务，每次查询扣一点；未连接时，各自说明需要哪个凭证。',
      byJiayou: 'jiayou 给出的编码。',
      besideJiayou: 'jiayou 给出的编码，其下为代理自带分类器的意见。',
      agreement: '两者一致的位数；0 表示请您核对。',
      pictureAddress: '请在此填入图片的公开 https 地址。',
      consultation: '请在此填入您的专家咨询单编号。',
    },
  },
  fr: {
    title: 'Tariffcell, feuille d’essai',
    hint: 'Changez une description en colonne A, ou saisissez votre propre formule.',
    connecting: 'Connexion…',
    connected: 'Connecté · les réponses du proxy même sont gratuites',
    unreachable: 'Proxy injoignable · nouvel essai en cours',
    notConnected: 'Non connecté',
    points: (balance) => `${balance} points`,
    pointsAndMore: 'Points et plus',
    language: 'Langue',
    connect: 'Connecter',
    connectTitle: 'Connecter cette feuille',
    connectWhy:
      'Les formules interrogent votre propre proxy Tariffcell. Un code de connexion les relie, une seule fois.',
    connectWhere:
      'Le code est dans le lien qu’affiche npm start. Il sert une fois : npm run admin -- code, dans une seconde fenêtre, en donne un autre.',
    code: 'Code de connexion',
    later: 'D’abord regarder',
    tryAgain: 'Réessayer',
    startOver: 'Revenir à l’exemple',
    startOverTitle: 'Revenir à l’exemple ?',
    startOverWhat: 'Tout ce que vous avez saisi dans ces feuilles sera perdu, sans retour possible.',
    keepCells: 'Garder mes cellules',
    keptUnreadable: 'Les cellules gardées dans ce navigateur sont illisibles : revoici l’exemple.',
    keptTooLarge: 'Ces feuilles sont trop grandes pour ce navigateur : recharger perdra vos derniers changements.',
    keptNowhere: 'Ce navigateur ne garde rien pour cette page : recharger perdra vos derniers changements.',
    busy: 'réponse en route…',
    stripHint: 'Saisissez =HSCODE(A2) dans une cellule vide, puis Entrée.',
    noSuchName: 'Cette fonction ou ce nom n’existe pas. Les textes se mettent entre guillemets : "US".',
    grid: 'Feuille de calcul',
    columns: {
      description: 'Description',
      code: 'Code SH',
      sure: 'Certitude',
      label: 'Libellé',
      rate: 'Canada NPF',
      preference: 'Du Mexique',
      elsewhere: 'États-Unis',
      formula: 'Formule',
      result: 'Résultat',
      meaning: 'À quoi elle sert',
    },
    examples: {
      upstreams:
        'Ces formules interrogent les services connectés, un point par recherche ; sans eux, chacune dit quel identifiant il lui faut.',
      byJiayou: 'Le code que donne jiayou.',
      besideJiayou: 'Le code que donne jiayou et, dessous, ce que dirait le classement du proxy.',
      agreement: 'À combien de chiffres les deux s’accordent ; 0 vous demande de vérifier.',
      pictureAddress: 'Mettez ici l’adresse https publique d’une image.',
      consultation: 'Mettez ici le numéro d’une de vos consultations d’expert.',
    },
  },
}

export function words(language: Language): PageWords {
  return WORDS[language]
}
