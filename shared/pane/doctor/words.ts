import type { Words } from '../words.ts'
import type { Diagnosis, RepairReason } from './diagnosis.ts'

type Count = (count: string) => string

export interface DoctorWords {
  purpose: string
  column: string
  rows: string
  allRows: Count
  selectedRows: Count
  country: string
  look: string
  lookHint: string
  nothing: string
  several: string
  reading: string
  asking: string
  writing: string
  undoing: string
  stop: string
  groups: Record<Diagnosis['kind'], string>
  groupHints: Record<Diagnosis['kind'], string>
  cells: (count: number, printed: string) => string
  blanks: Count
  allFine: string
  nothingToRepair: string
  reasons: Record<RepairReason, string>
  proof: (code: string, edition: string) => string
  /** Parts that belong together, with what ends a sentence. */
  sentence: (parts: readonly string[]) => string
  rivalMissing: (code: string) => string
  rivalExists: (code: string) => string
  onlyOne: string
  stays: string
  shortAdvice: string
  elsewhere: (countries: string) => string
  becomes: string
  tick: (before: string, after: string) => string
  tickAll: string
  tickNone: string
  firstRow: (row: string) => string
  showMore: Count
  style: string
  plain: string
  dots: string
  unify: string
  where: string
  inPlace: string
  inPlaceHint: string
  beside: string
  besideHint: string
  /** What the new column is called. */
  besideName: (header: string) => string
  formulas: (count: number, printed: string) => string
  repair: (count: number, printed: string) => string
  another: string
  repaired: (count: number, printed: string, column: string) => string
  changed: (count: number, printed: string) => string
  stopped: string
  undo: string
  undone: (count: number, printed: string) => string
  notUndone: (count: number, printed: string) => string
}

export const DOCTOR_WORDS: Words<DoctorWords> = {
  en: {
    purpose: 'Finds what a spreadsheet did to a column of HS codes, and repairs what can be proved.',
    column: 'Column with the codes',
    rows: 'Rows',
    allRows: (count) => `All ${count} rows`,
    selectedRows: (count) => `The ${count} selected rows`,
    country: 'Codes of',
    look: 'Look at the codes',
    lookHint: 'Free. Nothing is written yet.',
    nothing: 'Select a cell in the sheet with your codes.',
    several: 'Several ranges are selected. Select one.',
    reading: 'Reading the column',
    asking: 'Asking the tariff',
    writing: 'Writing',
    undoing: 'Putting back',
    stop: 'Stop',
    groups: {
      repair: 'Can be repaired',
      elsewhere: 'Code of another country',
      'not-found': 'Not in the tariff',
      short: 'Too short to declare',
      hopeless: 'Cannot be repaired',
      fine: 'Fine',
    },
    groupHints: {
      repair: 'Ticked ones are proved by the tariff. Look at the others before you tick them.',
      elsewhere: 'Digits after the sixth are each country’s own. Classify these goods anew for the country of import.',
      'not-found': 'Mistyped, or from an older edition of the tariff.',
      short: 'They exist, and lines stand below them. A code is never made longer here.',
      hopeless: 'What was lost cannot be known from the cell. Look into the source of the column.',
      fine: 'In the tariff and written as text. They are left as they are.',
    },
    cells: (count, printed) => (count === 1 ? '1 cell' : `${printed} cells`),
    blanks: (count) => `Empty cells: ${count}`,
    allFine: 'All codes are fine. There is nothing to do.',
    nothingToRepair: 'Nothing here can be repaired with proof.',
    reasons: {
      number: 'a number, not text',
      'leading-zero': 'a zero was lost at the front',
      'trailing-zero': 'a zero was lost at the end',
      separators: 'signs or spaces among the digits',
      'full-width': 'full-width digits',
      'letter-o': 'the letter O for a zero',
      prefix: 'words before the code',
      blanks: 'spaces around it',
      style: 'written unlike the others',
    },
    proof: (code, edition) => `${code} is in the tariff ${edition}`,
    sentence: (parts) => `${parts.join('; ')}. `,
    rivalMissing: (code) => `${code} is not`,
    rivalExists: (code) => `but so is ${code}: look at the goods first`,
    onlyOne: 'no other code begins like it',
    stays: 'stays as it is',
    shortAdvice: 'Choose a line below it: =HSCHILDREN lists them.',
    elsewhere: (countries) => `In the tariff of ${countries}.`,
    becomes: 'becomes',
    tick: (before, after) => `Repair ${before} to ${after}`,
    tickAll: 'Tick all',
    tickNone: 'Tick none',
    firstRow: (row) => `Show row ${row}`,
    showMore: (count) => `Show ${count} more`,
    style: 'Write codes',
    plain: 'as digits: 0101210000',
    dots: 'with dots: 0101.21.00.00',
    unify: 'Write the fine ones the same way',
    where: 'Write them',
    inPlace: 'in place of the old ones',
    inPlaceHint: 'Cells are turned into text first, so that no zero is lost again. You can undo it.',
    beside: 'into an empty column beside',
    besideHint: 'The fine codes are copied there too. Nothing is written over.',
    besideName: (header) => `${header}, repaired`,
    formulas: (count, printed) =>
      count === 1
        ? '1 cell is made by a formula and is left alone.'
        : `${printed} cells are made by formulas and are left alone.`,
    repair: (count, printed) => (count === 1 ? 'Repair 1 cell' : `Repair ${printed} cells`),
    another: 'Choose another column',
    repaired: (count, printed, column) =>
      count === 1 ? `1 cell was written in column ${column}.` : `${printed} cells were written in column ${column}.`,
    changed: (count, printed) =>
      count === 1
        ? '1 cell was left alone: it holds something else now.'
        : `${printed} cells were left alone: they hold something else now.`,
    stopped: 'Stopped before the end.',
    undo: 'Undo',
    undone: (count, printed) => (count === 1 ? '1 cell was put back.' : `${printed} cells were put back.`),
    notUndone: (count, printed) =>
      count === 1
        ? '1 cell was changed since and stays as it is.'
        : `${printed} cells were changed since and stay as they are.`,
  },
  zh: {
    purpose: '找出表格软件对 HS 编码列造成的损坏，并修复有依据的部分。',
    column: '编码所在的列',
    rows: '行',
    allRows: (count) => `全部 ${count} 行`,
    selectedRows: (count) => `所选 ${count} 行`,
    country: '编码所属国家',
    look: '检查编码',
    lookHint: '免费，且不会写入任何内容。',
    nothing: '请在含有编码的工作表中选择一个单元格。',
    several: '选择了多个区域，请只选择一个。',
    reading: '正在读取该列',
    asking: '正在查询税则',
    writing: '正在写入',
    undoing: '正在还原',
    stop: '停止',
    groups: {
      repair: '可以修复',
      elsewhere: '其他国家的编码',
      'not-found': '税则中没有',
      short: '位数不足，无法申报',
      hopeless: '无法修复',
      fine: '正常',
    },
    groupHints: {
      repair: '已勾选的均由税则证实。其余请先核对再勾选。',
      elsewhere: '第六位之后由各国自定。请按进口国重新归类。',
      'not-found': '输入有误，或来自旧版税则。',
      short: '编码存在，但其下还有税号。此处绝不补位。',
      hopeless: '仅凭单元格无法得知丢失的内容，请查看数据来源。',
      fine: '税则中存在且为文本，保持不变。',
    },
    cells: (_, printed) => `${printed} 个单元格`,
    blanks: (count) => `空单元格：${count}`,
    allFine: '所有编码都正常，无需处理。',
    nothingToRepair: '没有可凭依据修复的编码。',
    reasons: {
      number: '单元格是数字而非文本',
      'leading-zero': '前面丢失了一个零',
      'trailing-zero': '末尾丢失了一个零',
      separators: '数字间有符号或空格',
      'full-width': '全角数字',
      'letter-o': '字母 O 代替了零',
      prefix: '编码前有文字',
      blanks: '前后有空格',
      style: '写法与其他不一致',
    },
    proof: (code, edition) => `${code} 在税则 ${edition} 中`,
    sentence: (parts) => `${parts.join('；')}。`,
    rivalMissing: (code) => `${code} 不在`,
    rivalExists: (code) => `但 ${code} 也在：请先核对商品`,
    onlyOne: '没有其他编码以此开头',
    stays: '保持不变',
    shortAdvice: '请选择其下的税号：=HSCHILDREN 可列出。',
    elsewhere: (countries) => `属于 ${countries} 税则。`,
    becomes: '改为',
    tick: (before, after) => `将 ${before} 修复为 ${after}`,
    tickAll: '全选',
    tickNone: '全不选',
    firstRow: (row) => `显示第 ${row} 行`,
    showMore: (count) => `再显示 ${count} 项`,
    style: '编码写法',
    plain: '纯数字：0101210000',
    dots: '带点：0101.21.00.00',
    unify: '正常的编码也统一为此写法',
    where: '写入位置',
    inPlace: '替换原单元格',
    inPlaceHint: '先将单元格设为文本，以免再次丢零。可以撤销。',
    beside: '写入旁边的空列',
    besideHint: '正常的编码也会复制过去，不覆盖任何内容。',
    besideName: (header) => `${header}（已修复）`,
    formulas: (_, printed) => `${printed} 个单元格由公式得出，保持不变。`,
    repair: (_, printed) => `修复 ${printed} 个单元格`,
    another: '选择其他列',
    repaired: (_, printed, column) => `已在 ${column} 列写入 ${printed} 个单元格。`,
    changed: (_, printed) => `${printed} 个单元格内容已变，未写入。`,
    stopped: '已提前停止。',
    undo: '撤销',
    undone: (_, printed) => `已还原 ${printed} 个单元格。`,
    notUndone: (_, printed) => `${printed} 个单元格之后被改动过，保持不变。`,
  },
  fr: {
    purpose: 'Trouve ce qu’un tableur a abîmé dans une colonne de codes SH, et répare ce qui peut être prouvé.',
    column: 'Colonne des codes',
    rows: 'Lignes',
    allRows: (count) => `Toutes les lignes (${count})`,
    selectedRows: (count) => `Les lignes choisies (${count})`,
    country: 'Codes de',
    look: 'Examiner les codes',
    lookHint: 'Gratuit. Rien n’est encore écrit.',
    nothing: 'Sélectionnez une cellule de la feuille qui contient vos codes.',
    several: 'Plusieurs plages sont choisies. N’en sélectionnez qu’une.',
    reading: 'Lecture de la colonne',
    asking: 'Consultation du tarif',
    writing: 'Écriture',
    undoing: 'Remise en place',
    stop: 'Arrêter',
    groups: {
      repair: 'Réparables',
      elsewhere: 'Codes d’un autre pays',
      'not-found': 'Absents du tarif',
      short: 'Trop courts pour déclarer',
      hopeless: 'Irréparables',
      fine: 'Corrects',
    },
    groupHints: {
      repair: 'Ceux qui sont cochés sont prouvés par le tarif. Vérifiez les autres avant de les cocher.',
      elsewhere:
        'Après le sixième, les chiffres sont propres à chaque pays. Reclassez ces marchandises pour le pays d’importation.',
      'not-found': 'Mal saisis, ou d’une édition antérieure du tarif.',
      short: 'Ils existent, mais des lignes se trouvent dessous. Un code n’est jamais allongé ici.',
      hopeless: 'La cellule ne permet pas de savoir ce qui a été perdu. Voyez la source de la colonne.',
      fine: 'Dans le tarif et écrits en texte. Ils restent tels quels.',
    },
    cells: (count, printed) => (count < 2 ? `${printed} cellule` : `${printed} cellules`),
    blanks: (count) => `Cellules vides : ${count}`,
    allFine: 'Tous les codes sont corrects. Il n’y a rien à faire.',
    nothingToRepair: 'Rien ici ne peut être réparé avec preuve.',
    reasons: {
      number: 'un nombre, pas du texte',
      'leading-zero': 'un zéro perdu au début',
      'trailing-zero': 'un zéro perdu à la fin',
      separators: 'des signes ou espaces entre les chiffres',
      'full-width': 'des chiffres pleine chasse',
      'letter-o': 'la lettre O pour un zéro',
      prefix: 'des mots avant le code',
      blanks: 'des espaces autour',
      style: 'écrit autrement que les autres',
    },
    proof: (code, edition) => `${code} est dans le tarif ${edition}`,
    sentence: (parts) => `${parts.join(' ; ')}. `,
    rivalMissing: (code) => `${code} n’y est pas`,
    rivalExists: (code) => `mais ${code} aussi : voyez d’abord la marchandise`,
    onlyOne: 'aucun autre code ne commence ainsi',
    stays: 'reste tel quel',
    shortAdvice: 'Choisissez une ligne dessous : =HSCHILDREN les liste.',
    elsewhere: (countries) => `Dans le tarif de ${countries}.`,
    becomes: 'devient',
    tick: (before, after) => `Réparer ${before} en ${after}`,
    tickAll: 'Tout cocher',
    tickNone: 'Tout décocher',
    firstRow: (row) => `Voir la ligne ${row}`,
    showMore: (count) => `En montrer ${count} de plus`,
    style: 'Écrire les codes',
    plain: 'en chiffres : 0101210000',
    dots: 'avec points : 0101.21.00.00',
    unify: 'Écrire aussi les codes corrects ainsi',
    where: 'Les écrire',
    inPlace: 'à la place des anciens',
    inPlaceHint: 'Les cellules passent d’abord en texte, pour ne plus perdre de zéro. Vous pouvez annuler.',
    beside: 'dans une colonne vide à côté',
    besideHint: 'Les codes corrects y sont copiés aussi. Rien n’est écrasé.',
    besideName: (header) => `${header}, réparé`,
    formulas: (count, printed) =>
      count < 2
        ? `${printed} cellule vient d’une formule et reste telle quelle.`
        : `${printed} cellules viennent de formules et restent telles quelles.`,
    repair: (count, printed) => (count < 2 ? `Réparer ${printed} cellule` : `Réparer ${printed} cellules`),
    another: 'Choisir une autre colonne',
    repaired: (count, printed, column) =>
      count < 2
        ? `${printed} cellule écrite dans la colonne ${column}.`
        : `${printed} cellules écrites dans la colonne ${column}.`,
    changed: (count, printed) =>
      count < 2
        ? `${printed} cellule laissée : son contenu a changé.`
        : `${printed} cellules laissées : leur contenu a changé.`,
    stopped: 'Arrêté avant la fin.',
    undo: 'Annuler',
    undone: (count, printed) =>
      count < 2 ? `${printed} cellule remise en place.` : `${printed} cellules remises en place.`,
    notUndone: (count, printed) =>
      count < 2
        ? `${printed} cellule a changé depuis et reste telle quelle.`
        : `${printed} cellules ont changé depuis et restent telles quelles.`,
  },
}
