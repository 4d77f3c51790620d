import type { Words } from '../words.ts'

export interface ConnectWords {
  title: string
  purpose: string
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
    purpose: '用一个代码将此电子表格程序与您的 Tariffcell 代理配对。只需输入一次。',
    code: '连接代码',
    codeHint: '形如 XXXX-XXXX-XXXX，只能使用一次。',
    notACode: '连接代码由 12 个字母和数字组成，不含 I、L、O、U、0、1。请重新复制。',
    name: '您的姓名（可选）',
    nameHint: '工作区所有者会在连接列表中看到。',
    connect: '连接',
    connecting: '正在连接…',
    where: '代码在哪里？由代理管理员生成：npm run admin -- code，或 npm start 打印的链接。',
    freeTitle: '如何收费？',
    free: '内置税则和分类器的回答免费。只有查询付费服务才消耗点数，并且会事先显示数量。',
  },
  fr: {
    title: 'Connexion',
    purpose: 'Un code relie ce tableur à votre proxy Tariffcell. Il n’est demandé qu’une fois.',
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
    free: 'Les réponses du tarif et du classeur intégrés sont gratuites. Seules les recherches payantes prennent des points, annoncés d’avance.',
  },
}
