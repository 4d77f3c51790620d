import type { Words } from '../words.ts'

type Counted = (count: number, printed: string) => string

export interface FreezeWords {
  purpose: string
  where: string
  selection: (address: string) => string
  allOfTable: (name: string) => string
  allOfSheet: (name: string) => string
  find: string
  nothing: string
  several: string
  reading: string
  stop: string
  none: string
  found: (address: string) => string
  perFunction: string
  unanswered: Counted
  filling: Counted
  willWrite: string
  notes: string
  notesHint: string
  noteHeader: string
  note: (provider: string, edition: string, day: string) => string
  noteDayOnly: (day: string) => string
  freeze: Counted
  frozen: Counted
  unfrozen: Counted
  changedFreezing: Counted
  changedUnfreezing: (count: number, printed: string, addresses: string) => string
  stopped: string
  listTitle: string
  listEmpty: string
  formulas: Counted
  sourceUnknown: string
  unfreeze: string
  unfreezeName: (sheet: string, time: string) => string
  show: string
  forget: string
  forgetName: (sheet: string, time: string) => string
  forgetTitle: string
  forgetBody: string
}

export const FREEZE_WORDS: Words<FreezeWords> = {
  en: {
    purpose:
      'Turns formulas into the values they show, with source and date, and turns them back. Frozen cells ask for nothing, cost nothing and can be sent to anybody.',
    where: 'Where to look',
    selection: (address) => `Selected cells: ${address}`,
    allOfTable: (name) => `The whole table ${name}`,
    allOfSheet: (name) => `All of ${name}`,
    find: 'Find formulas',
    nothing: 'Select a cell in the sheet with your formulas.',
    several: 'Several ranges are selected. Select one.',
    reading: 'Cells',
    stop: 'Stop',
    none: 'There are no Tariffcell formulas here. Select other cells, or look at the whole sheet.',
    found: (address) => `Found in ${address}`,
    perFunction: 'Formulas by function',
    unanswered: (count, printed) =>
      count === 1
        ? '1 formula shows an error or still waits, and stays a formula.'
        : `${printed} formulas show an error or still wait, and stay formulas.`,
    filling: (count, printed) =>
      count === 1
        ? '1 formula fills other cells too, and stays a formula.'
        : `${printed} formulas fill other cells too, and stay formulas.`,
    willWrite: 'Each cell keeps what it shows now. The formulas are kept in this file, so that you can put them back.',
    notes: 'Write source and date into an empty column beside',
    notesHint: 'It is emptied again when the formulas are put back.',
    noteHeader: 'Source, edition, frozen on',
    note: (provider, edition, day) => `${provider} · ${edition} · ${day}`,
    noteDayOnly: (day) => `Tariffcell · ${day}`,
    freeze: (count, printed) => (count === 1 ? 'Freeze 1 formula' : `Freeze ${printed} formulas`),
    frozen: (count, printed) => (count === 1 ? '1 formula is a value now.' : `${printed} formulas are values now.`),
    unfrozen: (count, printed) => (count === 1 ? '1 formula was put back.' : `${printed} formulas were put back.`),
    changedFreezing: (count, printed) =>
      count === 1
        ? '1 cell changed meanwhile and was left alone.'
        : `${printed} cells changed meanwhile and were left alone.`,
    changedUnfreezing: (count, printed, addresses) =>
      count === 1
        ? `1 formula could not be put back: ${addresses} holds something else now, or was moved.`
        : `${printed} formulas could not be put back: their cells hold something else now, or were moved (${addresses}).`,
    stopped: 'Stopped before the end.',
    listTitle: 'Frozen in this file',
    listEmpty: 'Nothing is frozen yet.',
    formulas: (count, printed) => (count === 1 ? '1 formula' : `${printed} formulas`),
    sourceUnknown: 'source not recorded',
    unfreeze: 'Put formulas back',
    unfreezeName: (sheet, time) => `Put formulas back: ${sheet}, ${time}`,
    show: 'Show',
    forget: 'Take off the list',
    forgetName: (sheet, time) => `Take off the list: ${sheet}, ${time}`,
    forgetTitle: 'Take it off the list?',
    forgetBody: 'The values stay where they are. The formulas are no longer kept and cannot be put back.',
  },
  zh: {
    purpose:
      '将公式转为其显示的值，并记录来源和日期；也可以恢复。固化后的单元格不再查询、不再收费，可以放心发送给他人。',
    where: '查找范围',
    selection: (address) => `所选单元格：${address}`,
    allOfTable: (name) => `整个表格 ${name}`,
    allOfSheet: (name) => `${name} 的全部内容`,
    find: '查找公式',
    nothing: '请在含有公式的工作表中选择一个单元格。',
    several: '选择了多个区域，请只选择一个。',
    reading: '单元格',
    stop: '停止',
    none: '此处没有 Tariffcell 公式。请选择其他单元格，或查找整个工作表。',
    found: (address) => `查找范围：${address}`,
    perFunction: '按函数统计',
    unanswered: (_, printed) => `${printed} 个公式显示错误或仍在等待，保留为公式。`,
    filling: (_, printed) => `${printed} 个公式的结果会溢出到其他单元格，保留为公式。`,
    willWrite: '每个单元格保留当前显示的内容。公式保存在此文件中，随时可以恢复。',
    notes: '在旁边的空列写入来源和日期',
    notesHint: '恢复公式时会清空。',
    noteHeader: '来源、版本、固化日期',
    note: (provider, edition, day) => `${provider} · ${edition} · ${day}`,
    noteDayOnly: (day) => `Tariffcell · ${day}`,
    freeze: (_, printed) => `固化 ${printed} 个公式`,
    frozen: (_, printed) => `已将 ${printed} 个公式转为值。`,
    unfrozen: (_, printed) => `已恢复 ${printed} 个公式。`,
    changedFreezing: (_, printed) => `${printed} 个单元格期间发生变化，未处理。`,
    changedUnfreezing: (_, printed, addresses) => `${printed} 个公式无法恢复：单元格内容已变或已移动（${addresses}）。`,
    stopped: '已提前停止。',
    listTitle: '此文件中已固化',
    listEmpty: '尚未固化任何公式。',
    formulas: (_, printed) => `${printed} 个公式`,
    sourceUnknown: '未记录来源',
    unfreeze: '恢复公式',
    unfreezeName: (sheet, time) => `恢复公式：${sheet}，${time}`,
    show: '显示',
    forget: '从列表移除',
    forgetName: (sheet, time) => `从列表移除：${sheet}，${time}`,
    forgetTitle: '从列表移除？',
    forgetBody: '值保持不变。公式不再保存，无法恢复。',
  },
  fr: {
    purpose:
      'Change les formules en valeurs, avec source et date, et inversement. Une cellule figée ne demande rien, ne coûte rien et peut être envoyée à tous.',
    where: 'Où chercher',
    selection: (address) => `Cellules choisies : ${address}`,
    allOfTable: (name) => `Tout le tableau ${name}`,
    allOfSheet: (name) => `Tout ${name}`,
    find: 'Chercher les formules',
    nothing: 'Sélectionnez une cellule de la feuille qui contient vos formules.',
    several: 'Plusieurs plages sont choisies. N’en sélectionnez qu’une.',
    reading: 'Cellules',
    stop: 'Arrêter',
    none: 'Il n’y a pas de formule Tariffcell ici. Choisissez d’autres cellules, ou cherchez dans toute la feuille.',
    found: (address) => `Trouvé dans ${address}`,
    perFunction: 'Formules par fonction',
    unanswered: (count, printed) =>
      count < 2
        ? `${printed} formule affiche une erreur ou attend encore, et reste une formule.`
        : `${printed} formules affichent une erreur ou attendent encore, et restent des formules.`,
    filling: (count, printed) =>
      count < 2
        ? `${printed} formule remplit aussi d’autres cellules, et reste une formule.`
        : `${printed} formules remplissent aussi d’autres cellules, et restent des formules.`,
    willWrite:
      'Chaque cellule garde ce qu’elle montre. Les formules sont conservées dans ce fichier : vous pourrez les remettre.',
    notes: 'Écrire source et date dans une colonne vide à côté',
    notesHint: 'Elle est vidée quand les formules sont remises.',
    noteHeader: 'Source, édition, figé le',
    note: (provider, edition, day) => `${provider} · ${edition} · ${day}`,
    noteDayOnly: (day) => `Tariffcell · ${day}`,
    freeze: (count, printed) => (count < 2 ? `Figer ${printed} formule` : `Figer ${printed} formules`),
    frozen: (count, printed) =>
      count < 2 ? `${printed} formule est devenue une valeur.` : `${printed} formules sont devenues des valeurs.`,
    unfrozen: (count, printed) => (count < 2 ? `${printed} formule remise.` : `${printed} formules remises.`),
    changedFreezing: (count, printed) =>
      count < 2
        ? `${printed} cellule a changé entre-temps et a été laissée.`
        : `${printed} cellules ont changé entre-temps et ont été laissées.`,
    changedUnfreezing: (count, printed, addresses) =>
      count < 2
        ? `${printed} formule n’a pu être remise : ${addresses} contient autre chose, ou a été déplacée.`
        : `${printed} formules n’ont pu être remises : leurs cellules contiennent autre chose, ou ont été déplacées (${addresses}).`,
    stopped: 'Arrêté avant la fin.',
    listTitle: 'Figé dans ce fichier',
    listEmpty: 'Rien n’est encore figé.',
    formulas: (count, printed) => (count < 2 ? `${printed} formule` : `${printed} formules`),
    sourceUnknown: 'source non notée',
    unfreeze: 'Remettre les formules',
    unfreezeName: (sheet, time) => `Remettre les formules : ${sheet}, ${time}`,
    show: 'Montrer',
    forget: 'Retirer de la liste',
    forgetName: (sheet, time) => `Retirer de la liste : ${sheet}, ${time}`,
    forgetTitle: 'Retirer de la liste ?',
    forgetBody: 'Les valeurs restent en place. Les formules ne sont plus conservées et ne pourront être remises.',
  },
}
