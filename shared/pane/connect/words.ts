import type { Words } from '../words.ts'

export interface ConnectWords {
  title: string
  purpose: string
  /** Where a code is not the only way. */
  pairPurpose: string
  withoutCode: string
  browserHint: string
  inBrowser: string
  openPage: string
  compare: string
  waiting: string
  withCode: string
  code: string
  codeHint: string
  notACode: string
  name: string
  nameHint: string
  connect: string
  connecting: string
  where: string
  freeTitle: string
  free: string
}

export const CONNECT_WORDS: Words<ConnectWords> = {
  en: {
    title: 'Connect',
    purpose: 'One code pairs this spreadsheet program with your Tariffcell proxy. It is asked for once.',
    pairPurpose: 'Your spreadsheets and your Tariffcell proxy are paired once.',
    withoutCode: 'Without a code',
    browserHint: 'A page of your proxy asks whether to connect. If this browser is connected there, nothing is typed.',
    inBrowser: 'Connect in the browser',
    openPage: 'Open the page that connects',
    compare: 'Approve it there, in the new tab, if that page shows this code:',
    waiting: 'Waiting for your answer there…',
    withCode: 'With a code',
    code: 'Connection code',
    codeHint: 'It looks like XXXX-XXXX-XXXX and works one time.',
    notACode: 'A connection code has 12 letters and digits, and never I, L, O, U, 0 or 1. Copy it again.',
    name: 'Your name (optional)',
    nameHint: 'The owner of the workspace sees it in the list of connections.',
    connect: 'Connect',
    connecting: 'Connecting…',
    where:
      'Where is the code? Whoever runs the proxy makes one: npm run admin -- code, or the link that npm start prints.',
    freeTitle: 'What does it cost?',
    free: 'Answers from the built-in tariff book and classifier are free. Only look-ups at paid services take points, and you see how many before.',
  },
  zh: {
    title: '连接',
    purpose: '用一个连接码将此电子表格程序与您的 Tariffcell 代理配对。只需输入一次。',
    pairPurpose: '您的电子表格与 Tariffcell 代理只需配对一次。',
    withoutCode: '无需连接码',
    browserHint: '您的代理会打开一个页面询问是否连接。如果此浏览器已在那里连接，则无需输入任何内容。',
    inBrowser: '在浏览器中连接',
    openPage: '打开连接页面',
    compare: '如果新标签页中显示以下代码，请在那里批准：',
    waiting: '正在等待您在那里的答复…',
    withCode: '使用连接码',
    code: '连接码',
    codeHint: '形如 XXXX-XXXX-XXXX，只能使用一次。',
    notACode: '连接码由 12 个字母和数字组成，不含 I、L、O、U、0、1。请重新复制。',
    name: '您的姓名（可选）',
    nameHint: '工作区所有者会在连接列表中看到。',
    connect: '连接',
    connecting: '正在连接…',
    where: '连接码在哪里？由代理管理员生成：npm run admin -- code，或 npm start 打印的链接。',
    freeTitle: '如何收费？',
    free: '内置税则和分类器的回答免费。只有查询付费服务才消耗点数，并且会事先显示数量。',
  },
  fr: {
    title: 'Connexion',
    purpose: 'Un code relie ce tableur à votre proxy Tariffcell. Il n’est demandé qu’une fois.',
    pairPurpose: 'Vos feuilles et votre proxy Tariffcell sont reliés une fois pour toutes.',
    withoutCode: 'Sans code',
    browserHint:
      'Une page de votre proxy demande s’il faut connecter. Si ce navigateur y est connecté, il n’y a rien à saisir.',
    inBrowser: 'Connecter dans le navigateur',
    openPage: 'Ouvrir la page de connexion',
    compare: 'Approuvez la connexion dans le nouvel onglet, si cette page affiche ce code :',
    waiting: 'En attente de votre réponse…',
    withCode: 'Avec un code',
    code: 'Code de connexion',
    codeHint: 'De la forme XXXX-XXXX-XXXX, il ne sert qu’une fois.',
    notACode: 'Un code de connexion a 12 lettres et chiffres, jamais I, L, O, U, 0 ni 1. Copiez-le de nouveau.',
    name: 'Votre nom (facultatif)',
    nameHint: 'Le propriétaire de l’espace le voit dans la liste des connexions.',
    connect: 'Connecter',
    connecting: 'Connexion…',
    where:
      'Où est le code ? La personne qui gère le proxy le crée : npm run admin -- code, ou le lien affiché par npm start.',
    freeTitle: 'Combien cela coûte-t-il ?',
    free: 'Les réponses du tarif et du classificateur intégrés sont gratuites. Seules les recherches payantes prennent des points, annoncés d’avance.',
  },
}
