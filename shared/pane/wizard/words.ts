import type { OptionKey } from '../../options.ts'
import { counted, type Words } from '../words.ts'
import type { FunctionGroup } from './find-functions.ts'

export interface WizardWords {
  purpose: string
  search: string
  searchHint: string
  groups: Record<FunctionGroup, string>
  noFunction: string
  back: string
  optional: (name: string) => string
  useCell: string
  /** Begins with what the button shows: who speaks to it says what they see. */
  useCellFor: (parameter: string, address: string) => string
  asCell: (cells: string) => string
  asText: string
  asFormula: string
  options: string
  optionHelp: Record<OptionKey, string>
  preview: string
  freePreview: (edition: string) => string
  freeGuess: (edition: string) => string
  accountPreview: string
  noFreePreview: string
  fillIn: (parameter: string) => string
  notReadable: string
  asking: string
  emptyAnswer: string
  table: string
  costs: (points: string, provider: string) => string
  free: string
  remembered: string
  formula: string
  insert: (address: string) => string
  insertHint: string
  /** @param text what the cell holds, cut to a length that can be read. */
  insertHolds: (cell: string, text: string) => string
  inserted: (address: string) => string
  copy: string
}

export const WIZARD_WORDS: Words<WizardWords> = {
  en: {
    purpose:
      'Choose what you want to know, point at your cells, and see the result before the formula is in the sheet.',
    search: 'Search functions',
    searchHint: 'A name or what it does, such as “rate”',
    groups: {
      descriptions: 'From a description',
      codes: 'About a code',
      reference: 'Reference works and experts',
      account: 'Points and sources',
    },
    noFunction: 'No function fits. Try another word.',
    back: 'All functions',
    optional: (name) => `${name} (optional)`,
    useCell: 'Use selected cell',
    useCellFor: (parameter, address) => `Use selected cell ${address} for ${parameter}`,
    asCell: (cells) => `Read from ${cells}`,
    asText: 'Taken as text',
    asFormula: 'Taken as a formula of your own',
    options: 'More options',
    optionHelp: {
      digits: 'Number of digits: 6, 8 or 10',
      min: 'Lowest certainty shown, 0 to 1; 0 always names the best guess',
      material: 'Material, such as cotton',
      use: 'Use, such as for furniture',
      gender: 'For men, women or children',
      category: 'Category',
      provider: 'Who answers, such as embedded',
      fresh: '1 asks again, and is charged again',
      date: 'Tariff in force on, such as 2026-03-01',
      treatment: 'Tariff treatment, such as MFN or UST',
      n: 'Rows shown, 1 to 50',
      lang: 'Language: en, zh or fr',
      country: 'Country of import',
    },
    preview: 'Result',
    freePreview: (edition) => `Free preview, from the built-in book: ${edition}`,
    freeGuess: (edition) => `Free preview: a guess of the built-in classifier, ${edition}`,
    accountPreview: 'Free: nothing is looked up for it.',
    noFreePreview: 'There is no free preview: a paid service answers this.',
    fillIn: (parameter) => `Fill in ${parameter} to see the result.`,
    notReadable: 'The preview cannot calculate this argument. The formula can.',
    asking: 'Asking…',
    emptyAnswer: 'An empty text: the cell it asks about is empty.',
    table: 'Result as a table',
    costs: (points, provider) =>
      `In the sheet: ${counted(points, 'point', 'points')} for each different value, asked of ${provider}. The answer may be another one than here.`,
    free: 'In the sheet: free.',
    remembered: 'In the sheet: free, it was answered before.',
    formula: 'Formula',
    insert: (address) => `Insert into ${address}`,
    insertHint: 'What stands in that cell is replaced.',
    insertHolds: (cell, text) => `${cell} holds “${text}”, which is replaced.`,
    inserted: (address) => `The formula is in ${address}.`,
    copy: 'Copy',
  },
  zh: {
    purpose: '选择要查询的内容，指定单元格，在写入公式前先看结果。',
    search: '搜索函数',
    searchHint: '名称或用途，如“税率”',
    groups: {
      descriptions: '由描述查询',
      codes: '关于编码',
      reference: '参考资料与专家',
      account: '点数与来源',
    },
    noFunction: '没有符合的函数，请换个词。',
    back: '所有函数',
    optional: (name) => `${name}（可选）`,
    useCell: '使用所选单元格',
    useCellFor: (parameter, address) => `使用所选单元格 ${address}：${parameter}`,
    asCell: (cells) => `读取 ${cells}`,
    asText: '作为文本',
    asFormula: '作为您自己的公式',
    options: '更多选项',
    optionHelp: {
      digits: '位数：6、8 或 10',
      min: '显示的最低把握，0 至 1；0 总是给出最佳猜测',
      material: '材质，如 cotton',
      use: '用途',
      gender: '男、女或儿童',
      category: '类别',
      provider: '由谁回答，如 embedded',
      fresh: '1 为重新查询，会再次收费',
      date: '税则适用日期，如 2026-03-01',
      treatment: '关税待遇，如 MFN 或 UST',
      n: '显示行数，1 至 50',
      lang: '语言：en、zh 或 fr',
      country: '进口国',
    },
    preview: '结果',
    freePreview: (edition) => `免费预览，来自内置税则：${edition}`,
    freeGuess: (edition) => `免费预览：内置分类器的推测，${edition}`,
    accountPreview: '免费：无需查询。',
    noFreePreview: '没有免费预览：由付费服务回答。',
    fillIn: (parameter) => `请填写 ${parameter} 以查看结果。`,
    notReadable: '预览无法计算此参数，公式可以。',
    asking: '正在查询…',
    emptyAnswer: '空文本：所查询的单元格为空。',
    table: '表格结果',
    costs: (points, provider) => `在工作表中：每个不同的值 ${points} 点，由 ${provider} 回答。结果可能与此处不同。`,
    free: '在工作表中：免费。',
    remembered: '在工作表中：免费，此前已回答。',
    formula: '公式',
    insert: (address) => `插入到 ${address}`,
    insertHint: '该单元格的内容会被替换。',
    insertHolds: (cell, text) => `${cell} 中的“${text}”会被替换。`,
    inserted: (address) => `公式已写入 ${address}。`,
    copy: '复制',
  },
  fr: {
    purpose:
      'Choisissez ce que vous voulez savoir, désignez vos cellules, et voyez le résultat avant d’insérer la formule.',
    search: 'Chercher une fonction',
    searchHint: 'Un nom ou ce qu’elle fait, comme « taux »',
    groups: {
      descriptions: 'À partir d’une description',
      codes: 'Au sujet d’un code',
      reference: 'Ouvrages de référence et experts',
      account: 'Points et sources',
    },
    noFunction: 'Aucune fonction ne convient. Essayez un autre mot.',
    back: 'Toutes les fonctions',
    optional: (name) => `${name} (facultatif)`,
    useCell: 'Prendre la sélection',
    useCellFor: (parameter, address) => `Prendre la sélection ${address} pour ${parameter}`,
    asCell: (cells) => `Lu dans ${cells}`,
    asText: 'Pris comme texte',
    asFormula: 'Pris comme votre propre formule',
    options: 'Autres options',
    optionHelp: {
      digits: 'Nombre de chiffres : 6, 8 ou 10',
      min: 'Certitude minimale montrée, de 0 à 1 ; 0 donne toujours le meilleur choix',
      material: 'Matière, comme coton',
      use: 'Usage, comme pour meubles',
      gender: 'Homme, femme ou enfant',
      category: 'Catégorie',
      provider: 'Qui répond, comme embedded',
      fresh: '1 redemande, et coûte de nouveau',
      date: 'Tarif en vigueur le, comme 2026-03-01',
      treatment: 'Traitement tarifaire, comme MFN ou UST',
      n: 'Lignes montrées, de 1 à 50',
      lang: 'Langue : en, zh ou fr',
      country: 'Pays d’importation',
    },
    preview: 'Résultat',
    freePreview: (edition) => `Aperçu gratuit, du tarif intégré : ${edition}`,
    freeGuess: (edition) => `Aperçu gratuit : ce que suppose le classement intégré, ${edition}`,
    accountPreview: 'Gratuit : rien n’est recherché.',
    noFreePreview: 'Il n’y a pas d’aperçu gratuit : un service payant répond.',
    fillIn: (parameter) => `Remplissez ${parameter} pour voir le résultat.`,
    notReadable: 'L’aperçu ne peut calculer cet argument. La formule le peut.',
    asking: 'Recherche…',
    emptyAnswer: 'Un texte vide : la cellule visée est vide.',
    table: 'Résultat en tableau',
    costs: (points, provider) =>
      `Dans la feuille : ${counted(points, 'point', 'points')} par valeur différente, demandée à ${provider}. La réponse peut différer d’ici.`,
    free: 'Dans la feuille : gratuit.',
    remembered: 'Dans la feuille : gratuit, déjà répondu.',
    formula: 'Formule',
    insert: (address) => `Insérer dans ${address}`,
    insertHint: 'Le contenu de cette cellule est remplacé.',
    insertHolds: (cell, text) => `${cell} contient « ${text} », qui est remplacé.`,
    inserted: (address) => `La formule est dans ${address}.`,
    copy: 'Copier',
  },
}
