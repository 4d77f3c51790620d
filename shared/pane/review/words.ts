import type { Words } from '../words.ts'

export interface ReviewWords {
  purpose: string
  empty: string
  toBulk: string
  done: (rows: string) => string
  place: (at: string, of: string) => string
  decided: (rows: string) => string
  sameGoods: (rows: string) => string
  why: string
  chosen: string
  noCode: string
  confidence: (share: string) => string
  noConfidence: string
  agreement: (digits: number) => string
  noAgreement: string
  value: (value: string) => string
  atStake: (money: string) => string
  sameRate: string
  candidates: string
  nobody: string
  mfn: (rate: string) => string
  rateUnknown: string
  by: (provider: string) => string
  accept: string
  choose: (rank: number) => string
  another: string
  anotherHint: string
  useIt: string
  note: string
  noteHint: string
  previous: string
  next: string
  show: string
  expert: string
  memoryHint: string
  keys: string
  written: (rows: string) => string
  takeBack: string
  moved: (rows: string) => string
  edition: (edition: string) => string
  guess: string
}

export const REVIEW_WORDS: Words<ReviewWords> = {
  en: {
    purpose: 'Rows worth a look, those first where a wrong code costs most.',
    empty: 'Nothing waits for a review. Classify some rows first: what is doubtful comes here.',
    toBulk: 'Classify rows',
    done: (rows) => `All reviewed. Rows decided: ${rows}.`,
    place: (at, of) => `${at} of ${of}`,
    decided: (rows) => `rows decided: ${rows}`,
    sameGoods: (rows) => `${rows} rows say the same. One decision settles all of them.`,
    why: 'Why it is here',
    chosen: 'In the sheet now',
    noCode: 'No code',
    confidence: (share) => `${share} sure`,
    noConfidence: 'Its provider gives no score',
    agreement: (digits) =>
      digits === 0
        ? 'The second opinion differs from the first digit on'
        : `The second opinion agrees on ${digits} digits`,
    noAgreement: 'No second opinion',
    value: (value) => `Value ${value}`,
    atStake: (money) => `Duty at stake: ${money}`,
    sameRate: 'Likely codes share one rate: a doubt about the code, not about the duty.',
    candidates: 'Likely codes',
    nobody: 'Nobody suggests a code. Type one below, or add what is missing to the description and classify again.',
    mfn: (rate) => `MFN ${rate}`,
    rateUnknown: 'MFN not printed',
    by: (provider) => `by ${provider}`,
    accept: 'Accept',
    choose: (rank) => `Choose ${rank}`,
    another: 'Another code',
    anotherHint: 'With or without dots. It must be in the tariff.',
    useIt: 'Use this code',
    note: 'Note (optional)',
    noteHint: 'Such as a ruling or who said so. It is kept with the approval.',
    previous: 'Previous',
    next: 'Next',
    show: 'Show the row',
    expert: 'Ask an expert',
    memoryHint:
      'What you decide is remembered for your workspace: the same text gets this code from now on, at no cost.',
    keys: 'Keys: A accept · 1–3 choose · J next · K previous',
    takeBack: 'Take back',
    written: (rows) => `Written and remembered. Rows: ${rows}.`,
    moved: (rows) => `Left alone because they say something else now: ${rows}. The code is remembered.`,
    edition: (edition) => `Edition ${edition}`,
    guess: 'These are suggestions. Whoever declares the goods answers for the code.',
  },
  zh: {
    purpose: '值得查看的行，错误代价最高的排在最前。',
    empty: '没有需要复核的行。请先归类：有疑问的行会出现在这里。',
    toBulk: '归类行',
    done: (rows) => `已全部复核，共决定 ${rows} 行。`,
    place: (at, of) => `第 ${at} 项，共 ${of} 项`,
    decided: (rows) => `已决定 ${rows} 行`,
    sameGoods: (rows) => `${rows} 行内容相同，一次决定全部生效。`,
    why: '需要复核的原因',
    chosen: '表格中现有编码',
    noCode: '无编码',
    confidence: (share) => `置信度 ${share}`,
    noConfidence: '该来源不提供评分',
    agreement: (digits) => (digits === 0 ? '第二意见从首位起就不同' : `第二意见前 ${digits} 位一致`),
    noAgreement: '无第二意见',
    value: (value) => `货值 ${value}`,
    atStake: (money) => `涉及关税：${money}`,
    sameRate: '候选编码税率相同：只影响编码，不影响关税。',
    candidates: '候选编码',
    nobody: '没有候选编码。请在下方输入，或补充描述后重新归类。',
    mfn: (rate) => `最惠国 ${rate}`,
    rateUnknown: '税则未列最惠国税率',
    by: (provider) => `来源 ${provider}`,
    accept: '接受',
    choose: (rank) => `选择第 ${rank} 个`,
    another: '其他编码',
    anotherHint: '可带点，必须存在于税则中。',
    useIt: '使用此编码',
    note: '备注（可选）',
    noteHint: '例如裁定编号或依据，会随审批一起保存。',
    previous: '上一项',
    next: '下一项',
    show: '显示该行',
    expert: '咨询专家',
    memoryHint: '您的决定会被工作区记住：相同描述今后直接使用此编码，不收费。',
    keys: '按键：A 接受 · 1–3 选择 · J 下一项 · K 上一项',
    takeBack: '撤回',
    written: (rows) => `已写入并记住 ${rows} 行。`,
    moved: (rows) => `${rows} 行内容已改变，未作改动；编码已记住。`,
    edition: (edition) => `版本 ${edition}`,
    guess: '以上为建议，申报人对编码负责。',
  },
  fr: {
    purpose: 'Les lignes à regarder, d’abord celles où un code faux coûte le plus.',
    empty: 'Rien n’attend de révision. Classez d’abord des lignes : les cas douteux arrivent ici.',
    toBulk: 'Classer des lignes',
    done: (rows) => `Tout est révisé. Lignes décidées : ${rows}.`,
    place: (at, of) => `${at} sur ${of}`,
    decided: (rows) => `lignes décidées : ${rows}`,
    sameGoods: (rows) => `${rows} lignes disent la même chose. Une décision vaut pour toutes.`,
    why: 'Pourquoi elle est ici',
    chosen: 'Dans la feuille',
    noCode: 'Aucun code',
    confidence: (share) => `sûr à ${share}`,
    noConfidence: 'Cette source ne donne pas de score',
    agreement: (digits) =>
      digits === 0 ? 'Le second avis diffère dès le premier chiffre' : `Le second avis concorde sur ${digits} chiffres`,
    noAgreement: 'Pas de second avis',
    value: (value) => `Valeur ${value}`,
    atStake: (money) => `Droits en jeu : ${money}`,
    sameRate: 'Les codes probables ont le même taux : doute sur le code, pas sur les droits.',
    candidates: 'Codes probables',
    nobody: 'Personne ne propose de code. Saisissez-en un ci-dessous, ou complétez la description et reclassez.',
    mfn: (rate) => `NPF ${rate}`,
    rateUnknown: 'NPF non publié',
    by: (provider) => `selon ${provider}`,
    accept: 'Accepter',
    choose: (rank) => `Choisir ${rank}`,
    another: 'Un autre code',
    anotherHint: 'Avec ou sans points. Il doit figurer au tarif.',
    useIt: 'Prendre ce code',
    note: 'Note (facultatif)',
    noteHint: 'Une décision, une source. Elle est gardée avec l’approbation.',
    previous: 'Précédente',
    next: 'Suivante',
    show: 'Montrer la ligne',
    expert: 'Demander à un expert',
    memoryHint: 'Votre décision est retenue pour l’espace de travail : le même texte recevra ce code, sans frais.',
    keys: 'Touches : A accepter · 1–3 choisir · J suivante · K précédente',
    takeBack: 'Revenir sur cette décision',
    written: (rows) => `Écrit et retenu. Lignes : ${rows}.`,
    moved: (rows) => `Laissées telles quelles, car elles disent autre chose à présent : ${rows}. Le code est retenu.`,
    edition: (edition) => `Édition ${edition}`,
    guess: 'Ce sont des suggestions. Le déclarant répond du code.',
  },
}
