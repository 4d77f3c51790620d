import type { FactName } from '../../memory-protocol.ts'
import type { Words } from '../words.ts'

type Counted = (count: number, printed: string) => string
type Source = 'review' | 'import' | 'api'

export interface MemoryWords {
  purpose: string
  total: Counted
  search: string
  searchHint: string
  country: string
  allCountries: string
  find: string
  list: string
  emptyMemory: string
  emptySearch: string
  more: string
  approved: (by: string, time: string) => string
  sources: Record<Source, string>
  note: (note: string) => string
  remove: string
  removeName: (description: string) => string
  removeTitle: string
  removeBody: (description: string, code: string) => string
  addTitle: string
  description: string
  facts: Record<FactName, string>
  factsHint: string
  code: string
  codeHint: string
  noteField: string
  add: string
  added: Record<'new' | 'changed' | 'same', (code: string) => string>
  repaired: string
  fileTitle: string
  fileHint: string
  chooseFile: string
  checking: string
  preview: (file: string) => string
  counts: Record<'new' | 'changed' | 'same' | 'bad', Counted>
  badLines: string
  line: (line: string) => string
  notAllNamed: Counted
  skipBad: string
  import: Counted
  imported: string
  nothingToImport: string
  otherFile: string
  exportTitle: string
  export: string
  exported: string
}

export const MEMORY_WORDS: Words<MemoryWords> = {
  en: {
    purpose:
      'Codes that people of your workspace approved. The same description gets the approved code everywhere, at once and at no cost.',
    total: (count, printed) => (count === 1 ? '1 approved code' : `${printed} approved codes`),
    search: 'Search',
    searchHint: 'Words of the description, a code or a note',
    country: 'Country of import',
    allCountries: 'All countries',
    find: 'Search',
    list: 'Approved codes',
    emptyMemory: 'Nothing is approved yet. Accept rows in the review, add one here, or import a file.',
    emptySearch: 'Nothing approved fits this search.',
    more: 'Show more',
    approved: (by, time) => `Approved by ${by}, ${time}`,
    sources: { review: 'in the review', import: 'from a file', api: 'typed in' },
    note: (note) => `Note: ${note}`,
    remove: 'Remove',
    removeName: (description) => `Remove ${description}`,
    removeTitle: 'Remove this approved code?',
    removeBody: (description, code) =>
      `“${description}” is no longer ${code} by itself. Cells with this description are asked anew, which may cost points.`,
    addTitle: 'Approve a code',
    description: 'Description of the goods',
    facts: { material: 'Material', use: 'Use', gender: 'For men, women or children', category: 'Category' },
    factsHint: 'Facts are part of what is approved: fill in only what your formulas name too.',
    code: 'Code',
    codeHint: 'As the tariff has it, with or without dots',
    noteField: 'Note (optional)',
    add: 'Approve',
    added: {
      new: (code) => `${code} is approved.`,
      changed: (code) => `${code} takes the place of what was approved before.`,
      same: (code) => `${code} was approved already.`,
    },
    repaired: 'The code was repaired as it was read: look whether it is the right one.',
    fileTitle: 'Import and export',
    fileHint: 'A CSV file whose first line names the columns: description, country and code at least.',
    chooseFile: 'Choose a CSV file',
    checking: 'Checking the file…',
    preview: (file) => `${file}: nothing is imported yet`,
    counts: {
      new: (count, printed) => (count === 1 ? '1 new' : `${printed} new`),
      changed: (count, printed) => (count === 1 ? '1 replaces an approved code' : `${printed} replace approved codes`),
      same: (count, printed) => (count === 1 ? '1 approved already' : `${printed} approved already`),
      bad: (count, printed) => (count === 1 ? '1 line cannot be read' : `${printed} lines cannot be read`),
    },
    badLines: 'Lines that cannot be read',
    line: (line) => `Line ${line}`,
    notAllNamed: (_, printed) => `and ${printed} more`,
    skipBad: 'Import the others and leave these lines out',
    import: (count, printed) => (count === 1 ? 'Import 1 code' : `Import ${printed} codes`),
    imported: 'Imported:',
    nothingToImport: 'There is nothing new in this file.',
    otherFile: 'Choose another file',
    exportTitle: 'Take a copy of all of it',
    export: 'Export as CSV',
    exported: 'The file is among your downloads.',
  },
  zh: {
    purpose: '工作区成员确认过的编码。相同描述在各处立即得到已确认的编码，不收费。',
    total: (_, printed) => `${printed} 条已确认编码`,
    search: '搜索',
    searchHint: '描述中的词、编码或备注',
    country: '进口国',
    allCountries: '所有国家',
    find: '搜索',
    list: '已确认编码',
    emptyMemory: '尚无已确认的编码。可在复核中接受、在此添加，或导入文件。',
    emptySearch: '没有符合搜索条件的记录。',
    more: '显示更多',
    approved: (by, time) => `由 ${by} 确认，${time}`,
    sources: { review: '来自复核', import: '来自文件', api: '手工输入' },
    note: (note) => `备注：${note}`,
    remove: '删除',
    removeName: (description) => `删除 ${description}`,
    removeTitle: '删除此已确认编码？',
    removeBody: (description, code) =>
      `“${description}”将不再自动得到 ${code}。含此描述的单元格会重新查询，可能消耗点数。`,
    addTitle: '确认一个编码',
    description: '商品描述',
    facts: { material: '材质', use: '用途', gender: '男、女或儿童', category: '类别' },
    factsHint: '这些信息也是确认内容的一部分：只填写公式中同样写明的内容。',
    code: '编码',
    codeHint: '与税则一致，可带点',
    noteField: '备注（可选）',
    add: '确认',
    added: {
      new: (code) => `已确认 ${code}。`,
      changed: (code) => `已用 ${code} 替换原先确认的编码。`,
      same: (code) => `${code} 此前已确认。`,
    },
    repaired: '读取时修复了编码，请核对是否正确。',
    fileTitle: '导入和导出',
    fileHint: 'CSV 文件，首行为列名，至少包含：描述、国家、编码。',
    chooseFile: '选择 CSV 文件',
    checking: '正在检查文件…',
    preview: (file) => `${file}：尚未导入`,
    counts: {
      new: (_, printed) => `新增 ${printed} 条`,
      changed: (_, printed) => `替换 ${printed} 条已确认编码`,
      same: (_, printed) => `${printed} 条此前已确认`,
      bad: (_, printed) => `${printed} 行无法读取`,
    },
    badLines: '无法读取的行',
    line: (line) => `第 ${line} 行`,
    notAllNamed: (_, printed) => `另有 ${printed} 行`,
    skipBad: '略过这些行，导入其余内容',
    import: (_, printed) => `导入 ${printed} 条编码`,
    imported: '已导入：',
    nothingToImport: '此文件没有新内容。',
    otherFile: '选择其他文件',
    exportTitle: '导出全部副本',
    export: '导出为 CSV',
    exported: '文件已保存到下载文件夹。',
  },
  fr: {
    purpose:
      'Codes approuvés par votre espace de travail. La même description reçoit partout le code approuvé, aussitôt et sans frais.',
    total: (count, printed) => (count < 2 ? `${printed} code approuvé` : `${printed} codes approuvés`),
    search: 'Recherche',
    searchHint: 'Mots de la description, code ou note',
    country: 'Pays d’importation',
    allCountries: 'Tous les pays',
    find: 'Rechercher',
    list: 'Codes approuvés',
    emptyMemory:
      'Rien n’est encore approuvé. Acceptez des lignes en révision, ajoutez-en une ici, ou importez un fichier.',
    emptySearch: 'Rien d’approuvé ne répond à cette recherche.',
    more: 'En montrer plus',
    approved: (by, time) => `Approuvé par ${by}, ${time}`,
    sources: { review: 'en révision', import: 'depuis un fichier', api: 'saisi' },
    note: (note) => `Note : ${note}`,
    remove: 'Retirer',
    removeName: (description) => `Retirer ${description}`,
    removeTitle: 'Retirer ce code approuvé ?',
    removeBody: (description, code) =>
      `« ${description} » ne donnera plus ${code} d’office. Les cellules ainsi décrites seront redemandées, ce qui peut coûter des points.`,
    addTitle: 'Approuver un code',
    description: 'Description de la marchandise',
    facts: { material: 'Matière', use: 'Usage', gender: 'Homme, femme ou enfant', category: 'Catégorie' },
    factsHint: 'Ces faits font partie de ce qui est approuvé : ne remplissez que ce que vos formules nomment aussi.',
    code: 'Code',
    codeHint: 'Comme au tarif, avec ou sans points',
    noteField: 'Note (facultatif)',
    add: 'Approuver',
    added: {
      new: (code) => `${code} est approuvé.`,
      changed: (code) => `${code} remplace ce qui était approuvé.`,
      same: (code) => `${code} était déjà approuvé.`,
    },
    repaired: 'Le code a été réparé à la lecture : vérifiez que c’est le bon.',
    fileTitle: 'Importer et exporter',
    fileHint: 'Un fichier CSV dont la première ligne nomme les colonnes : au moins description, pays et code.',
    chooseFile: 'Choisir un fichier CSV',
    checking: 'Vérification du fichier…',
    preview: (file) => `${file} : rien n’est encore importé`,
    counts: {
      new: (count, printed) => (count < 2 ? `${printed} nouveau` : `${printed} nouveaux`),
      changed: (count, printed) =>
        count < 2 ? `${printed} remplace un code approuvé` : `${printed} remplacent des codes approuvés`,
      same: (count, printed) => (count < 2 ? `${printed} déjà approuvé` : `${printed} déjà approuvés`),
      bad: (count, printed) => (count < 2 ? `${printed} ligne illisible` : `${printed} lignes illisibles`),
    },
    badLines: 'Lignes illisibles',
    line: (line) => `Ligne ${line}`,
    notAllNamed: (_, printed) => `et ${printed} de plus`,
    skipBad: 'Importer les autres et laisser ces lignes de côté',
    import: (count, printed) => (count < 2 ? `Importer ${printed} code` : `Importer ${printed} codes`),
    imported: 'Importé :',
    nothingToImport: 'Ce fichier ne contient rien de nouveau.',
    otherFile: 'Choisir un autre fichier',
    exportTitle: 'Prendre une copie du tout',
    export: 'Exporter en CSV',
    exported: 'Le fichier est dans vos téléchargements.',
  },
}
