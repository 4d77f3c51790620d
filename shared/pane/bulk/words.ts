import type { FactName } from '../../memory-protocol.ts'
import { counted, type Words } from '../words.ts'
import type { Output } from './output-columns.ts'
import type { Scope } from './plan-run.ts'
import type { RunHold } from './run-bulk.ts'

export interface BulkWords {
  purpose: string
  readAgain: string
  selected: (address: string) => string
  hidden: (rows: string) => string
  description: string
  descriptionHint: string
  country: string
  countryColumn: string
  countryColumnHint: string
  more: string
  facts: Record<FactName, string>
  origin: string
  originHint: string
  value: string
  valueHint: string
  none: string
  scope: string
  scopes: Record<Scope, string>
  rowsIn: (rows: string) => string
  outputs: string
  outputNames: Record<Output, string>
  outputHints: Partial<Record<Output, string>>
  columnOf: (output: string) => string
  columnNamed: (letter: string, name: string) => string
  columnNew: (letter: string) => string
  codeStyle: string
  dots: string
  plain: string
  clash: (columns: string) => string
  preview: string
  previewing: string
  previewTitle: string
  change: string
  rows: string
  blanks: string
  keptRows: string
  bad: string
  badExample: (row: string, sentence: string) => string
  duplicates: string
  remembered: string
  free: string
  toPay: string
  cost: string
  costs: (points: string, cny: string) => string
  costsNothing: string
  balanceAfter: string
  capLeft: string
  asked: string
  askedOne: (provider: string, questions: string) => string
  nobodyAsked: string
  notEnough: (missing: string) => string
  otherRun: (time: string, rows: string) => string
  capTooLow: string
  filled: (cells: string) => string
  keep: string
  keepHint: string
  replace: string
  replaceHint: string
  nothingLeft: string
  classify: (rows: string, points: string) => string
  classifyFree: (rows: string) => string
  guess: string
  running: (title: string) => string
  progress: (done: string, rows: string) => string
  written: (rows: string) => string
  movedSoFar: (rows: string) => string
  failedSoFar: (rows: string) => string
  spent: (points: string, estimated: string) => string
  left: (duration: string) => string
  holds: Record<Exclude<RunHold['reason'], 'elsewhere'>, string>
  /** @param workspace its name, which may be empty. */
  elsewhere: (workspace: string) => string
  noPoints: (rows: string, points: string) => string
  toPoints: string
  pause: string
  pausing: string
  resume: string
  stop: string
  stopping: string
  stopHint: string
  leaveHint: string
  over: string
  stopped: string
  broken: string
  classified: string
  failed: string
  notCertain: string
  notCertainRows: (rows: string, isPaid: boolean) => string
  moved: string
  movedHint: string
  notAsked: string
  notWritten: string
  toReview: string
  pointsSpent: string
  balance: (before: string, after: string) => string
  balanceLabel: string
  duration: string
  providers: string
  editions: string
  review: (rows: string) => string
  retry: (rows: string) => string
  retryHint: string
  goOn: (rows: string) => string
  undo: string
  undoing: string
  undoHint: string
  undone: (restored: string) => string
  undoneChanged: (changed: string) => string
  undoable: (title: string, time: string, cells: string) => string
  keepWritten: string
  save: string
  fileName: string
  again: string
  leftOver: (title: string, left: string) => string
  leftOverHint: string
  continueWriting: string
  discard: string
}

export const BULK_WORDS: Words<BulkWords> = {
  en: {
    purpose: 'Codes for a whole column of products. You see what it costs before anything is asked.',
    readAgain: 'Read the sheet again',
    selected: (address) => `Selected: ${address}`,
    hidden: (rows) =>
      `${counted(rows, 'of the selected rows is hidden. It is', 'of the selected rows are hidden. They are')} worked on too.`,
    description: 'Product description',
    descriptionHint: 'The column that says what the goods are.',
    country: 'Country of import',
    countryColumn: 'Country from a column',
    countryColumnHint: 'Where its cell is empty, the country above counts.',
    more: 'More columns: material, use, origin, value',
    facts: { material: 'Material', use: 'Use', gender: 'Gender', category: 'Category' },
    origin: 'Origin',
    originHint: 'For the best preference.',
    value: 'Value of the goods',
    valueHint: 'Puts the rows with most money first in the review.',
    none: 'None',
    scope: 'Rows',
    scopes: {
      selected: 'Selected rows',
      table: 'Whole table',
      blanks: 'Only rows without a code',
      failed: 'Rows that failed last time',
      changed: 'Rows changed since last time',
      test: 'The first 5, as a test',
    },
    rowsIn: (rows) => counted(rows, 'row', 'rows'),
    outputs: 'What to fill in',
    outputNames: {
      code: 'HS code',
      label: 'Label',
      confidence: 'Confidence',
      agreement: 'Digits agreed on by two providers',
      mfn: 'MFN rate',
      best: 'Best preference for the origin',
      review: 'Needs review, and why',
    },
    outputHints: { best: 'Choose the column with the origin above.' },
    columnOf: (output) => `Column for: ${output}`,
    columnNamed: (letter, name) => `${letter} · ${name}`,
    columnNew: (letter) => `${letter} · new`,
    codeStyle: 'Codes are written',
    dots: 'with dots: 6109.10',
    plain: 'as digits: 610910',
    clash: (columns) => `Column ${columns} is used twice. Choose another one.`,
    preview: 'See what it costs',
    previewing: 'Reading the sheet…',
    previewTitle: 'Before you start',
    change: 'Change',
    rows: 'Rows to classify',
    blanks: 'Rows without a description, left out',
    keptRows: 'Rows that have a code already, left out',
    bad: 'Rows that cannot be asked',
    badExample: (row, sentence) => `Row ${row}: ${sentence}`,
    duplicates: 'Same text as another row',
    remembered: 'Known from before',
    free: 'Answered free',
    toPay: 'To pay for',
    cost: 'Cost',
    costs: (points, cny) => `${points} points (${cny})`,
    costsNothing: 'Nothing',
    balanceAfter: 'Points left afterwards',
    capLeft: 'You may still spend today',
    asked: 'Who is asked',
    askedOne: (provider, questions) => `${provider}: ${questions}`,
    nobodyAsked: 'Nobody: all of it is known',
    otherRun: (time, rows) =>
      `A run over ${rows} rows of this sheet, begun ${time} in another window or on another machine, is not over. Both would write into the same columns: wait for it, or ask whoever began it.`,
    notEnough: (missing) =>
      `${counted(missing, 'point is', 'points are')} missing. It starts, pauses when they are spent, and goes on after a recharge.`,
    capTooLow: 'It costs more than you may spend today. It pauses, and goes on tomorrow.',
    filled: (cells) =>
      `${counted(cells, 'cell that would be filled has something in it', 'cells that would be filled have something in them')}.`,
    keep: 'Fill empty cells only',
    keepHint: 'Rows that have a code are not asked.',
    replace: 'Replace them',
    replaceHint: 'You can undo it, also after closing the pane, until the next run.',
    nothingLeft: 'There is no row left to classify. Choose other rows, or replace what is there.',
    classify: (rows, points) => `Classify ${counted(rows, 'row', 'rows')} · ${counted(points, 'point', 'points')}`,
    classifyFree: (rows) => `Classify ${counted(rows, 'row', 'rows')} · free`,
    guess: 'A code is a guess by a machine, with its source and edition. Whoever declares the goods answers for it.',
    running: (title) => `Classifying ${title}`,
    progress: (done, rows) => `${done} of ${rows} rows`,
    written: (rows) => `${rows} written`,
    movedSoFar: (rows) => `${rows} not written: the row had changed`,
    failedSoFar: (rows) => `${rows} without an answer`,
    spent: (points, estimated) => `${points} of about ${estimated} points spent`,
    left: (duration) => `About ${duration} left`,
    holds: {
      offline: 'The proxy is out of reach. This goes on by itself as soon as it answers.',
      disconnected: 'This connection has ended. What is written stays. Connect again and this goes on.',
      spreadsheet: 'The spreadsheet takes nothing just now. This goes on by itself.',
      person: 'Paused. Nothing is asked until you go on.',
      'no-points': 'Points have run out. This goes on by itself after a recharge.',
      'daily-cap': 'The daily limit of this connection is reached. This goes on by itself tomorrow (UTC).',
    },
    elsewhere: (workspace) =>
      workspace === ''
        ? 'This run was begun in another workspace, and only that one pays for it. Connect to it again and this goes on.'
        : `This run was begun in the workspace “${workspace}”, and only that one pays for it. Connect again as “${workspace}” and this goes on.`,
    noPoints: (rows, points) =>
      `${counted(rows, 'row is left; it needs', 'rows are left; they need')} about ${counted(points, 'point', 'points')}.`,
    toPoints: 'Recharge',
    pause: 'Pause',
    pausing: 'Pausing…',
    resume: 'Go on',
    stop: 'Stop',
    stopping: 'Stopping…',
    stopHint: 'Stop cancels what was not asked yet. What was paid for is written.',
    leaveHint: 'You can look at other parts of the pane meanwhile.',
    over: 'Done',
    stopped: 'Stopped',
    broken: 'It could not go on',
    classified: 'Classified',
    failed: 'Without an answer',
    notCertain: 'Not certain enough',
    notCertainRows: (rows, isPaid) => `${rows} (${isPaid ? 'paid; ' : ''}Review shows what came)`,
    moved: 'Not written, the row had changed',
    movedHint:
      'Their text was edited or deleted while this ran. Nothing was overwritten: classify them again, at no cost where the text is the same.',
    notAsked: 'Not asked any more',
    notWritten: 'Answered, not written',
    toReview: 'To be reviewed',
    pointsSpent: 'Points spent',
    balance: (before, after) => `${before} → ${after}`,
    balanceLabel: 'Points before and after',
    duration: 'Time',
    providers: 'Answered by',
    editions: 'Editions',
    review: (rows) => `Review ${counted(rows, 'row', 'rows')}`,
    retry: (rows) => `Ask ${counted(rows, 'failed row', 'failed rows')} again`,
    retryHint: 'Rows without an answer cost nothing. Answered this time, they cost their points.',
    goOn: (rows) => `Go on with ${counted(rows, 'row', 'rows')}`,
    undo: 'Undo',
    undoing: 'Undoing…',
    undoHint:
      'Cells you changed since stay as they are. Points are not given back; what was answered stays known. Codes you approved stay in the memory: remove them there.',
    undone: (restored) => `Undone: ${counted(restored, 'cell is as it was', 'cells are as they were')}.`,
    undoneChanged: (changed) =>
      `${counted(changed, 'cell was changed since, and was', 'cells were changed since, and were')} left alone.`,
    undoable: (title, time, cells) =>
      `${title}, classified ${time}, can still be undone: ${counted(cells, 'cell', 'cells')}.`,
    keepWritten: 'Keep what is written',
    save: 'Save as CSV',
    fileName: 'tariffcell-receipt',
    again: 'Classify more',
    leftOver: (title, left) => `${title} was not finished: ${counted(left, 'row is', 'rows are')} still to be written.`,
    leftOverHint: 'What is answered costs nothing again.',
    continueWriting: 'Continue writing',
    discard: 'Drop it',
  },
  zh: {
    purpose: '为整列商品归类。查询之前先显示费用。',
    readAgain: '重新读取工作表',
    selected: (address) => `所选：${address}`,
    hidden: (rows) => `所选行中有 ${rows} 行被隐藏，同样会处理。`,
    description: '商品描述',
    descriptionHint: '说明商品是什么的那一列。',
    country: '进口国',
    countryColumn: '按列取进口国',
    countryColumnHint: '单元格为空时采用上面的国家。',
    more: '更多列：材质、用途、原产地、货值',
    facts: { material: '材质', use: '用途', gender: '性别', category: '类别' },
    origin: '原产地',
    originHint: '用于查最优优惠税率。',
    value: '货值',
    valueHint: '复核时金额大的行排在前面。',
    none: '无',
    scope: '处理哪些行',
    scopes: {
      selected: '所选行',
      table: '整个表',
      blanks: '仅无编码的行',
      failed: '上次失败的行',
      changed: '上次之后改动的行',
      test: '前 5 行（试跑）',
    },
    rowsIn: (rows) => `${rows} 行`,
    outputs: '填入内容',
    outputNames: {
      code: 'HS 编码',
      label: '名称',
      confidence: '置信度',
      agreement: '两个提供方一致的位数',
      mfn: '最惠国税率',
      best: '该原产地的最优优惠税率',
      review: '待复核及原因',
    },
    outputHints: { best: '请先在上面选择原产地列。' },
    columnOf: (output) => `“${output}”所在列`,
    columnNamed: (letter, name) => `${letter} · ${name}`,
    columnNew: (letter) => `${letter} · 新列`,
    codeStyle: '编码写法',
    dots: '带点：6109.10',
    plain: '纯数字：610910',
    clash: (columns) => `${columns} 列被重复使用，请另选一列。`,
    preview: '查看费用',
    previewing: '正在读取工作表…',
    previewTitle: '开始之前',
    change: '修改',
    rows: '待归类行数',
    blanks: '无描述，跳过',
    keptRows: '已有编码，跳过',
    bad: '无法查询的行',
    badExample: (row, sentence) => `第 ${row} 行：${sentence}`,
    duplicates: '与其他行文本相同',
    remembered: '之前已查过',
    free: '免费回答',
    toPay: '需付费',
    cost: '费用',
    costs: (points, cny) => `${points} 点（${cny}）`,
    costsNothing: '免费',
    balanceAfter: '完成后余额',
    capLeft: '今日还可消费',
    asked: '查询对象',
    askedOne: (provider, questions) => `${provider}：${questions}`,
    nobodyAsked: '无需查询：全部已知',
    otherRun: (time, rows) =>
      `另一个窗口或另一台电脑于 ${time} 开始对此工作表的 ${rows} 行归类，尚未结束。两者会写入相同的列：请等待其完成，或先与对方确认。`,
    notEnough: (missing) => `还差 ${missing} 点。可以先开始，点数用完后暂停，充值后自动继续。`,
    capTooLow: '费用超过今日限额。到限额时暂停，明天自动继续。',
    filled: (cells) => `要填入的单元格中有 ${cells} 个已有内容。`,
    keep: '只填空单元格',
    keepHint: '已有编码的行不会查询。',
    replace: '替换原内容',
    replaceHint: '下次归类之前可以撤销，关闭窗格后也可以。',
    nothingLeft: '没有需要归类的行。请选择其他行，或选择替换原内容。',
    classify: (rows, points) => `归类 ${rows} 行 · ${points} 点`,
    classifyFree: (rows) => `归类 ${rows} 行 · 免费`,
    guess: '编码由机器推测，并附来源和版本。申报责任由申报人承担。',
    running: (title) => `正在归类 ${title}`,
    progress: (done, rows) => `${done} / ${rows} 行`,
    written: (rows) => `已写入 ${rows} 行`,
    movedSoFar: (rows) => `${rows} 行未写入：该行已变动`,
    failedSoFar: (rows) => `${rows} 行无结果`,
    spent: (points, estimated) => `已消耗 ${points} 点，预计约 ${estimated} 点`,
    left: (duration) => `约剩 ${duration}`,
    holds: {
      offline: '无法连接代理，恢复后自动继续。',
      disconnected: '此连接已失效。已写入的内容保留，重新连接后自动继续。',
      spreadsheet: '电子表格暂时无法写入，稍后自动继续。',
      person: '已暂停。继续之前不会查询。',
      'no-points': '点数已用完，充值后自动继续。',
      'daily-cap': '已达此连接的每日限额，明天（UTC）自动继续。',
    },
    elsewhere: (workspace) =>
      workspace === ''
        ? '此任务在另一个工作区中开始，只由那个工作区付费。重新连接到那个工作区后自动继续。'
        : `此任务在工作区“${workspace}”中开始，只由它付费。重新连接到“${workspace}”后自动继续。`,
    noPoints: (rows, points) => `还剩 ${rows} 行，约需 ${points} 点。`,
    toPoints: '充值',
    pause: '暂停',
    pausing: '正在暂停…',
    resume: '继续',
    stop: '停止',
    stopping: '正在停止…',
    stopHint: '停止后不再查询剩余行，已付费的结果仍会写入。',
    leaveHint: '期间可以使用窗格的其他功能。',
    over: '已完成',
    stopped: '已停止',
    broken: '无法继续',
    classified: '已归类',
    failed: '无结果',
    notCertain: '把握不足',
    notCertainRows: (rows, isPaid) => `${rows}（${isPaid ? '已收费；' : ''}可在“复核”中查看结果）`,
    moved: '未写入（该行已变动）',
    movedHint: '这些行的文本在运行期间被修改或删除，未覆盖任何内容。可再次归类，文本相同则不收费。',
    notAsked: '未再查询',
    notWritten: '有结果但未写入',
    toReview: '待复核',
    pointsSpent: '消耗点数',
    balance: (before, after) => `${before} → ${after}`,
    balanceLabel: '点数（之前和之后）',
    duration: '用时',
    providers: '回答方',
    editions: '版本',
    review: (rows) => `复核 ${rows} 行`,
    retry: (rows) => `重新查询失败的 ${rows} 行`,
    retryHint: '无结果的行未收费；这次若有结果，则按点数收费。',
    goOn: (rows) => `继续处理 ${rows} 行`,
    undo: '撤销',
    undoing: '正在撤销…',
    undoHint:
      '之后您改过的单元格保持不变。点数不退还，已有结果仍可免费使用。您批准过的编码仍在记忆库中，请在那里删除。',
    undone: (restored) => `已撤销：${restored} 个单元格恢复原样。`,
    undoneChanged: (changed) => `${changed} 个单元格之后被改过，未作改动。`,
    undoable: (title, time, cells) => `${title} 于 ${time} 归类，仍可撤销：${cells} 个单元格。`,
    keepWritten: '保留已写入的内容',
    save: '另存为 CSV',
    fileName: 'tariffcell-receipt',
    again: '继续归类其他行',
    leftOver: (title, left) => `${title} 尚未完成：还有 ${left} 行待写入。`,
    leftOverHint: '已有结果的行不再收费。',
    continueWriting: '继续写入',
    discard: '放弃',
  },
  fr: {
    purpose: 'Des codes pour toute une colonne de produits. Le coût est annoncé avant toute demande.',
    readAgain: 'Relire la feuille',
    selected: (address) => `Sélection : ${address}`,
    hidden: (rows) =>
      counted(
        rows,
        'des lignes choisies est masquée. Elle est traitée aussi.',
        'des lignes choisies sont masquées. Elles sont traitées aussi.',
      ),
    description: 'Description du produit',
    descriptionHint: 'La colonne qui dit ce que sont les marchandises.',
    country: 'Pays d’importation',
    countryColumn: 'Pays pris dans une colonne',
    countryColumnHint: 'Là où sa cellule est vide, le pays ci-dessus compte.',
    more: 'Autres colonnes : matière, usage, origine, valeur',
    facts: { material: 'Matière', use: 'Usage', gender: 'Genre', category: 'Catégorie' },
    origin: 'Origine',
    originHint: 'Pour la meilleure préférence.',
    value: 'Valeur des marchandises',
    valueHint: 'Place d’abord, dans la révision, les lignes qui valent le plus.',
    none: 'Aucune',
    scope: 'Lignes',
    scopes: {
      selected: 'Lignes choisies',
      table: 'Tout le tableau',
      blanks: 'Seulement les lignes sans code',
      failed: 'Lignes en échec la dernière fois',
      changed: 'Lignes modifiées depuis',
      test: 'Les 5 premières, à l’essai',
    },
    rowsIn: (rows) => counted(rows, 'ligne', 'lignes'),
    outputs: 'À remplir',
    outputNames: {
      code: 'Code SH',
      label: 'Libellé',
      confidence: 'Confiance',
      agreement: 'Chiffres communs à deux fournisseurs',
      mfn: 'Taux NPF',
      best: 'Meilleure préférence pour l’origine',
      review: 'À réviser, et pourquoi',
    },
    outputHints: { best: 'Choisissez plus haut la colonne de l’origine.' },
    columnOf: (output) => `Colonne pour : ${output}`,
    columnNamed: (letter, name) => `${letter} · ${name}`,
    columnNew: (letter) => `${letter} · nouvelle`,
    codeStyle: 'Écriture des codes',
    dots: 'avec points : 6109.10',
    plain: 'en chiffres : 610910',
    clash: (columns) => `La colonne ${columns} sert deux fois. Choisissez-en une autre.`,
    preview: 'Voir le coût',
    previewing: 'Lecture de la feuille…',
    previewTitle: 'Avant de commencer',
    change: 'Modifier',
    rows: 'Lignes à classer',
    blanks: 'Lignes sans description, laissées',
    keptRows: 'Lignes qui ont déjà un code, laissées',
    bad: 'Lignes impossibles à demander',
    badExample: (row, sentence) => `Ligne ${row} : ${sentence}`,
    duplicates: 'Même texte qu’une autre ligne',
    remembered: 'Déjà connues',
    free: 'Réponses gratuites',
    toPay: 'À payer',
    cost: 'Coût',
    costs: (points, cny) => `${points} points (${cny})`,
    costsNothing: 'Rien',
    balanceAfter: 'Points restants ensuite',
    capLeft: 'Encore permis aujourd’hui',
    asked: 'Qui est interrogé',
    askedOne: (provider, questions) => `${provider} : ${questions}`,
    nobodyAsked: 'Personne : tout est déjà connu',
    otherRun: (time, rows) =>
      `Un traitement de ${rows} lignes de cette feuille, lancé le ${time} dans une autre fenêtre ou sur un autre poste, n’est pas terminé. Les deux écriraient dans les mêmes colonnes : attendez sa fin, ou voyez d’abord avec son auteur.`,
    notEnough: (missing) =>
      `Il manque ${counted(missing, 'point', 'points')}. Le travail commence, se met en pause quand ils sont dépensés et reprend après une recharge.`,
    capTooLow: 'Le coût dépasse la limite du jour. Le travail se met en pause et reprend demain.',
    filled: (cells) =>
      `${counted(cells, 'cellule à remplir contient', 'cellules à remplir contiennent')} déjà quelque chose.`,
    keep: 'Remplir seulement les cellules vides',
    keepHint: 'Les lignes qui ont un code ne sont pas demandées.',
    replace: 'Les remplacer',
    replaceHint: 'Annulable jusqu’au traitement suivant, même après fermeture du volet.',
    nothingLeft: 'Aucune ligne à classer. Choisissez d’autres lignes, ou remplacez ce qui s’y trouve.',
    classify: (rows, points) => `Classer ${counted(rows, 'ligne', 'lignes')} · ${counted(points, 'point', 'points')}`,
    classifyFree: (rows) => `Classer ${counted(rows, 'ligne', 'lignes')} · gratuit`,
    guess:
      'Un code est une estimation de machine, avec sa source et son édition. Qui déclare les marchandises en répond.',
    running: (title) => `Classement de ${title}`,
    progress: (done, rows) => `${done} sur ${rows} lignes`,
    written: (rows) => `${rows} écrites`,
    movedSoFar: (rows) => `${rows} non écrites : la ligne avait changé`,
    failedSoFar: (rows) => `${rows} sans réponse`,
    spent: (points, estimated) => `${points} points dépensés sur environ ${estimated}`,
    left: (duration) => `Encore ${duration} environ`,
    holds: {
      offline: 'Le proxy est hors d’atteinte. Le travail reprend seul dès qu’il répond.',
      disconnected: 'Cette connexion a pris fin. Ce qui est écrit reste. Reconnectez-vous et le travail reprend.',
      spreadsheet: 'Le tableur ne prend rien pour l’instant. Le travail reprend seul.',
      person: 'En pause. Rien n’est demandé avant la reprise.',
      'no-points': 'Plus de points. Le travail reprend seul après une recharge.',
      'daily-cap': 'La limite du jour est atteinte. Le travail reprend seul demain (UTC).',
    },
    elsewhere: (workspace) =>
      workspace === ''
        ? 'Ce travail a commencé dans un autre espace, et lui seul le paie. Reconnectez-vous à cet espace et le travail reprend.'
        : `Ce travail a commencé dans l’espace « ${workspace} », et lui seul le paie. Reconnectez-vous à « ${workspace} » et le travail reprend.`,
    noPoints: (rows, points) =>
      `Il reste ${counted(rows, 'ligne', 'lignes')} ; il faut environ ${counted(points, 'point', 'points')}.`,
    toPoints: 'Recharger',
    pause: 'Pause',
    pausing: 'Mise en pause…',
    resume: 'Reprendre',
    stop: 'Arrêter',
    stopping: 'Arrêt…',
    stopHint: 'Arrêter annule ce qui n’est pas encore demandé. Ce qui est payé est écrit.',
    leaveHint: 'Vous pouvez utiliser les autres parties du volet entre-temps.',
    over: 'Terminé',
    stopped: 'Arrêté',
    broken: 'Impossible de continuer',
    classified: 'Classées',
    failed: 'Sans réponse',
    notCertain: 'Pas assez sûres',
    notCertainRows: (rows, isPaid) => `${rows} (${isPaid ? 'payées ; ' : ''}la révision montre ce qui est venu)`,
    moved: 'Non écrites, la ligne avait changé',
    movedHint:
      'Leur texte a été modifié ou supprimé pendant le travail. Rien n’a été écrasé : reclassez-les, sans frais si le texte est le même.',
    notAsked: 'Plus demandées',
    notWritten: 'Répondues, non écrites',
    toReview: 'À réviser',
    pointsSpent: 'Points dépensés',
    balance: (before, after) => `${before} → ${after}`,
    balanceLabel: 'Points avant et après',
    duration: 'Durée',
    providers: 'Répondu par',
    editions: 'Éditions',
    review: (rows) => `Réviser ${counted(rows, 'ligne', 'lignes')}`,
    retry: (rows) => `Redemander ${counted(rows, 'ligne', 'lignes')} en échec`,
    retryHint: 'Les lignes sans réponse n’ont rien coûté. Avec une réponse cette fois, leurs points sont dus.',
    goOn: (rows) => `Continuer avec ${counted(rows, 'ligne', 'lignes')}`,
    undo: 'Annuler',
    undoing: 'Annulation…',
    undoHint:
      'Les cellules que vous avez changées depuis restent. Les points ne sont pas rendus ; les réponses restent connues. Les codes que vous avez approuvés restent dans la mémoire : retirez-les là.',
    undone: (restored) => `Annulé : ${counted(restored, 'cellule est', 'cellules sont')} comme avant.`,
    undoneChanged: (changed) =>
      counted(
        changed,
        'cellule a été modifiée depuis et est restée telle quelle.',
        'cellules ont été modifiées depuis et sont restées telles quelles.',
      ),
    undoable: (title, time, cells) =>
      `${title}, classé le ${time}, peut encore être annulé : ${counted(cells, 'cellule', 'cellules')}.`,
    keepWritten: 'Garder ce qui est écrit',
    save: 'Enregistrer en CSV',
    fileName: 'tariffcell-recu',
    again: 'Classer d’autres lignes',
    leftOver: (title, left) => `${title} n’est pas fini : ${counted(left, 'ligne reste', 'lignes restent')} à écrire.`,
    leftOverHint: 'Ce qui est répondu ne coûte plus rien.',
    continueWriting: 'Continuer l’écriture',
    discard: 'Abandonner',
  },
}
