/**
 * The catalogue: every sheet function, its arguments, its help, what it returns. The one source of Excel's metadata, the Sheets
 * wrappers, the playground's help, /openapi.json and the README's table. Adding a function is an entry here and its answerer.
 *
 * Parameters are never added to a function, and ids never change: Excel caches metadata while it reloads code, and then passes the
 * invocation object in a new parameter's place. What comes later goes into `[options]`.
 */
import type { Localised } from './language.ts'

export type ParameterName =
  | 'description'
  | 'code'
  | 'value'
  | 'country'
  | 'destination'
  | 'origin'
  | 'style'
  | 'language'
  | 'field'
  | 'keywords'
  | 'substance'
  | 'port'
  | 'product'
  | 'role'
  | 'from'
  | 'to'
  | 'image'
  | 'form'
  | 'detail'
  | 'conclusion'
  | 'options'

export interface ParameterHelp {
  /** As it stands between the brackets in help. */
  shown: string
  help: Localised
  example: string
}

export const PARAMETERS: Record<ParameterName, ParameterHelp> = {
  description: {
    shown: 'description',
    help: {
      en: 'What the goods are, in a few words: name, material, use. A cell or a range.',
      zh: '商品描述：品名、材质、用途。单元格或区域。',
      fr: 'Ce que sont les marchandises : nom, matière, usage. Une cellule ou une plage.',
    },
    example: 'A2',
  },
  code: {
    shown: 'code',
    help: {
      en: 'An HS code or tariff item, with or without dots. A cell or a range.',
      zh: 'HS 编码或税号，可带点。单元格或区域。',
      fr: 'Un code SH ou une ligne tarifaire, avec ou sans points. Une cellule ou une plage.',
    },
    example: 'B2',
  },
  value: {
    shown: 'value',
    help: {
      en: 'A code as the spreadsheet left it: number, text, lost zeros. A cell or a range.',
      zh: '被表格改动过的编码：数字、文本、丢失的零。单元格或区域。',
      fr: 'Un code tel que le tableur l’a laissé : nombre, texte, zéros perdus. Une cellule ou une plage.',
    },
    example: 'B2',
  },
  country: {
    shown: 'country',
    help: {
      en: 'Country of import: CA (default), US, CN, JP.',
      zh: '进口国：CA（默认）、US、CN、JP。',
      fr: 'Pays d’importation : CA (par défaut), US, CN, JP.',
    },
    example: '"CA"',
  },
  destination: {
    shown: 'country',
    help: {
      en: 'Country of import: CA, US, CN, JP. A cell or a range.',
      zh: '进口国：CA、US、CN、JP。单元格或区域。',
      fr: 'Pays d’importation : CA, US, CN, JP. Une cellule ou une plage.',
    },
    example: '"CA"',
  },
  origin: {
    shown: 'origin',
    help: {
      en: 'Country of origin. Its lowest printed preference is taken; claiming it needs proof of origin.',
      zh: '原产国。取其最低的优惠税率；享受优惠需原产地证明。',
      fr: 'Pays d’origine. Sa préférence imprimée la plus basse est prise ; elle exige une preuve d’origine.',
    },
    example: '"MX"',
  },
  style: {
    shown: 'style',
    help: {
      en: 'dots (default), plain, CA, US, CN, JP, or a number of digits: 2, 4, 6, 8, 10.',
      zh: 'dots（默认）、plain、CA、US、CN、JP，或位数：2、4、6、8、10。',
      fr: 'dots (par défaut), plain, CA, US, CN, JP, ou un nombre de chiffres : 2, 4, 6, 8, 10.',
    },
    example: '"dots"',
  },
  language: {
    shown: 'language',
    help: { en: 'en (default), zh or fr.', zh: 'en（默认）、zh 或 fr。', fr: 'en (par défaut), zh ou fr.' },
    example: '"fr"',
  },
  field: {
    shown: 'field',
    help: {
      en: 'provider, edition, at, cached, code, score, points, agreement or second. Left out: all of them.',
      zh: 'provider、edition、at、cached、code、score、points、agreement 或 second。省略则全部返回。',
      fr: 'provider, edition, at, cached, code, score, points, agreement ou second. Omis : tous.',
    },
    example: '"provider"',
  },
  keywords: {
    shown: 'keywords',
    help: {
      en: 'The name of the goods as a short noun, such as "bicycle". A cell or a range.',
      zh: '商品名称，用简短名词，如“自行车”。单元格或区域。',
      fr: 'Le nom de la marchandise, un nom court comme « vélo ». Une cellule ou une plage.',
    },
    example: 'A2',
  },
  substance: {
    shown: 'substance',
    help: {
      en: 'The name of a chemical or its CAS number, such as "67-64-1".',
      zh: '化学品名称或 CAS 号，如“67-64-1”。',
      fr: 'Le nom d’un produit chimique ou son numéro CAS, comme « 67-64-1 ».',
    },
    example: '"67-64-1"',
  },
  port: {
    shown: 'text',
    help: {
      en: 'Name or code of a port, such as "Shanghai".',
      zh: '港口名称或代码，如“上海”。',
      fr: 'Nom ou code d’un port, comme « Shanghai ».',
    },
    example: '"Shanghai"',
  },
  product: {
    shown: 'product',
    help: {
      en: 'An HS code, or the name of a product. A cell or a range.',
      zh: 'HS 编码或品名。单元格或区域。',
      fr: 'Un code SH ou le nom d’un produit. Une cellule ou une plage.',
    },
    example: 'B2',
  },
  role: {
    shown: 'role',
    help: {
      en: '"exporter" (default): where it is sold from. "importer": where it is bought.',
      zh: '"exporter"（默认）：出口国分布；"importer"：进口国分布。',
      fr: '"exporter" (par défaut) : d’où il est vendu. "importer" : où il est acheté.',
    },
    example: '"exporter"',
  },
  from: {
    shown: 'from',
    help: {
      en: 'First day of the period, as 2025-04-01; a year before its end by default.',
      zh: '期间首日，如 2025-04-01；默认为截止日前一年。',
      fr: 'Premier jour de la période, comme 2025-04-01 ; par défaut un an avant la fin.',
    },
    example: '"2025-04-01"',
  },
  to: {
    shown: 'to',
    help: {
      en: 'Last day of the period; by default the last day of the month before this one.',
      zh: '期间末日；默认为上个月的最后一天。',
      fr: 'Dernier jour de la période ; par défaut le dernier jour du mois passé.',
    },
    example: '"2026-03-31"',
  },
  image: {
    shown: 'image',
    help: {
      en: 'Public https address of a picture of the goods. A cell or a range.',
      zh: '商品图片的公开 https 地址。单元格或区域。',
      fr: 'Adresse https publique d’une image de la marchandise. Une cellule ou une plage.',
    },
    example: 'E2',
  },
  form: {
    shown: 'form',
    help: {
      en: 'Id of an expert consultation, from the expert desk.',
      zh: '专家咨询单编号，见专家台。',
      fr: 'Numéro d’une consultation d’expert, au bureau des experts.',
    },
    example: 'F2',
  },
  detail: {
    shown: 'field',
    help: {
      en: 'elements, regulatory, inspection, ciq, rebate, taxes, agreements, notes or controls; all by default.',
      zh: 'elements、regulatory、inspection、ciq、rebate、taxes、agreements、notes 或 controls；默认全部。',
      fr: 'elements, regulatory, inspection, ciq, rebate, taxes, agreements, notes ou controls ; tous par défaut.',
    },
    example: '"elements"',
  },
  conclusion: {
    shown: 'field',
    help: {
      en: 'status (default), code or reason.',
      zh: 'status（默认）、code 或 reason。',
      fr: 'status (par défaut), code ou reason.',
    },
    example: '"code"',
  },
  options: {
    shown: 'options',
    help: {
      en: 'Text of key=value pairs, such as "min=0.6;material=cotton;lang=fr".',
      zh: '键值文本，如 "min=0.6;material=cotton;lang=fr"。',
      fr: 'Texte de paires clé=valeur, comme "min=0.6;material=cotton;lang=fr".',
    },
    example: '"min=0.6"',
  },
}

/** What one cell of input becomes: one value, a spilled table, or its share of a sum over all cells. */
export type Shape = 'value' | 'table' | 'sum'

/**
 * Which part of the house answers: the classifier and what stands beside it, the tariff book, an upstream's reference works,
 * pure text, or the account. What an expert says changes from day to day and is asked anew each time.
 */
export type AskedOf = 'classification' | 'tariff' | 'reference' | 'expert' | 'text' | 'account'

export interface FunctionSpec {
  summary: Localised
  required: readonly ParameterName[]
  optional: readonly ParameterName[]
  shape: Shape
  askedOf: AskedOf
  /** One formula that works on the sample sheet, for the README and the wizard. */
  example: string
  /** Column names of a spilled table. */
  columns?: readonly string[]
  /** Its value changes by itself: a host that takes several results from one call is given each, any other the one of now. */
  streams?: true
}

export const FUNCTIONS = {
  HSCODE: {
    summary: {
      en: 'The HS code of a product description, as deep as it is certain.',
      zh: '由商品描述得出 HS 编码，精确到有把握的位数。',
      fr: 'Le code SH d’une description, aussi profond qu’il est sûr.',
    },
    required: ['description'],
    optional: ['country', 'options'],
    shape: 'value',
    askedOf: 'classification',
    example: '=HSCODE(A2)',
  },
  HSALT: {
    summary: {
      en: 'The likely codes of a description, best first.',
      zh: '一个描述的可能编码，按可能性排序。',
      fr: 'Les codes probables d’une description, du meilleur au moins bon.',
    },
    required: ['description'],
    optional: ['country', 'options'],
    shape: 'table',
    askedOf: 'classification',
    example: '=HSALT(A2,"CA","n=3")',
    columns: ['rank', 'code', 'label', 'score', 'provider'],
  },
  HSCONF: {
    summary: {
      en: 'How sure HSCODE is, from 0 to 1.',
      zh: 'HSCODE 的把握程度，0 到 1。',
      fr: 'La certitude de HSCODE, de 0 à 1.',
    },
    required: ['description'],
    optional: ['country', 'options'],
    shape: 'value',
    askedOf: 'classification',
    example: '=HSCONF(A2)',
  },
  HSWHY: {
    summary: {
      en: 'Why this code: deciding words, path, nearest rival, missing fact.',
      zh: '为何是此编码：关键词、层级、最近的竞争编码、缺少的信息。',
      fr: 'Pourquoi ce code : mots décisifs, chemin, rival le plus proche, fait manquant.',
    },
    required: ['description'],
    optional: ['country', 'options'],
    shape: 'value',
    askedOf: 'classification',
    example: '=HSWHY(A2)',
  },
  HSCHECK: {
    summary: {
      en: 'Is this code good: OK, OK-PARENT, SHORT, NOT-FOUND, WRONG-COUNTRY, ZERO-LOST or MISMATCH?',
      zh: '检查编码：OK、OK-PARENT、SHORT、NOT-FOUND、WRONG-COUNTRY、ZERO-LOST 或 MISMATCH?',
      fr: 'Ce code est-il bon : OK, OK-PARENT, SHORT, NOT-FOUND, WRONG-COUNTRY, ZERO-LOST ou MISMATCH?',
    },
    required: ['code'],
    optional: ['country', 'description', 'options'],
    shape: 'value',
    askedOf: 'tariff',
    example: '=HSCHECK(B2,"CA",A2)',
  },
  HSFIX: {
    summary: {
      en: 'Repairs a code that a spreadsheet damaged; never guesses silently.',
      zh: '修复被表格破坏的编码，绝不擅自猜测。',
      fr: 'Répare un code abîmé par un tableur ; ne devine jamais en silence.',
    },
    required: ['value'],
    optional: ['country', 'options'],
    shape: 'value',
    askedOf: 'tariff',
    example: '=HSFIX(B2,"CA")',
  },
  HSFORMAT: {
    summary: {
      en: 'Prints a code with dots, plain, in a country’s style, or cut to digits.',
      zh: '按样式显示编码：带点、纯数字、国家样式或指定位数。',
      fr: 'Écrit un code avec points, nu, au style d’un pays ou coupé à un nombre de chiffres.',
    },
    required: ['code'],
    optional: ['style', 'options'],
    shape: 'value',
    askedOf: 'text',
    example: '=HSFORMAT(B2,"dots")',
  },
  HSDESC: {
    summary: {
      en: 'What a code covers, in our words.',
      zh: '编码所涵盖的商品。',
      fr: 'Ce que couvre un code, en nos mots.',
    },
    required: ['code'],
    optional: ['country', 'language', 'options'],
    shape: 'value',
    askedOf: 'tariff',
    example: '=HSDESC(B2,"CA","fr")',
  },
  HSPATH: {
    summary: {
      en: 'The path of a code: chapter, heading, subheading, tariff item.',
      zh: '编码的层级：章、品目、子目、税号。',
      fr: 'Le chemin d’un code : chapitre, position, sous-position, ligne tarifaire.',
    },
    required: ['code'],
    optional: ['country', 'language', 'options'],
    shape: 'table',
    askedOf: 'tariff',
    example: '=HSPATH(B2,"CA")',
    columns: ['level', 'code', 'label'],
  },
  HSCHILDREN: {
    summary: {
      en: 'The lines one level below a code.',
      zh: '编码的下一级税目。',
      fr: 'Les lignes un niveau sous un code.',
    },
    required: ['code'],
    optional: ['country', 'language', 'options'],
    shape: 'table',
    askedOf: 'tariff',
    example: '=HSCHILDREN("6109","CA")',
    columns: ['code', 'label', 'unit'],
  },
  HSRATE: {
    summary: {
      en: 'The duty rate as a number (18% is 0.18, Free is 0).',
      zh: '关税税率（数字：18% 为 0.18，免税为 0）。',
      fr: 'Le taux de droit en nombre (18 % donne 0,18 ; en franchise, 0).',
    },
    required: ['code', 'destination'],
    optional: ['origin', 'options'],
    shape: 'value',
    askedOf: 'tariff',
    example: '=HSRATE(B2,"CA")',
  },
  HSRATETEXT: {
    summary: {
      en: 'The duty rate as the tariff prints it.',
      zh: '税则原文的税率。',
      fr: 'Le taux de droit tel que le tarif l’imprime.',
    },
    required: ['code', 'destination'],
    optional: ['origin', 'options'],
    shape: 'value',
    askedOf: 'tariff',
    example: '=HSRATETEXT("0406102000","CA")',
  },
  HSRATES: {
    summary: {
      en: 'Every rate the tariff prints for a code, by treatment.',
      zh: '税则为该编码列出的全部税率，按待遇排列。',
      fr: 'Tous les taux imprimés pour un code, par traitement.',
    },
    required: ['code', 'destination'],
    optional: ['origin', 'options'],
    shape: 'table',
    askedOf: 'tariff',
    example: '=HSRATES(B2,"CA")',
    columns: ['treatment', 'rate', 'text', 'printed at', 'edition'],
  },
  HSUNIT: {
    summary: { en: 'The statistical unit of a code.', zh: '编码的统计单位。', fr: 'L’unité statistique d’un code.' },
    required: ['code', 'destination'],
    optional: ['options'],
    shape: 'value',
    askedOf: 'tariff',
    example: '=HSUNIT(B2,"CA")',
  },
  HSSEARCH: {
    summary: {
      en: 'The codes whose name fits some keywords, with their rate.',
      zh: '名称符合关键词的编码及其税率。',
      fr: 'Les codes dont le nom répond à des mots-clés, avec leur taux.',
    },
    required: ['keywords'],
    optional: ['country', 'options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSSEARCH("bicycle","CN")',
    columns: ['code', 'name', 'rate'],
  },
  HSEXAMPLES: {
    summary: {
      en: 'Goods that were classified before under such a name, and how often.',
      zh: '以该名称归类过的实例及次数。',
      fr: 'Les marchandises déjà classées sous un tel nom, et combien de fois.',
    },
    required: ['keywords'],
    optional: ['options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSEXAMPLES("手机壳")',
    columns: ['name', 'count'],
  },
  HSDETAIL: {
    summary: {
      en: 'What customs asks for a code: elements to declare, supervision, inspection, rebate, taxes.',
      zh: '编码的海关要求：申报要素、监管条件、检验检疫、退税、税费。',
      fr: 'Ce que la douane demande pour un code : éléments à déclarer, surveillance, inspection, taxes.',
    },
    required: ['code', 'destination'],
    optional: ['detail', 'options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSDETAIL("3926909090","CN","elements")',
    columns: ['section', 'key', 'value'],
  },
  HSHAZARD: {
    summary: {
      en: 'Whether a chemical is listed as hazardous: names, CAS number, code, remarks.',
      zh: '化学品是否列为危化品：名称、CAS 号、编码、备注。',
      fr: 'Si un produit chimique est listé comme dangereux : noms, numéro CAS, code, remarques.',
    },
    required: ['substance'],
    optional: ['options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSHAZARD("67-64-1")',
    columns: ['name', 'alias', 'CAS', 'code', 'remarks'],
  },
  HSPORT: {
    summary: {
      en: 'Ports by name or code: code, names, country, shipping line.',
      zh: '按名称或代码查港口：代码、名称、国家、航线。',
      fr: 'Les ports par nom ou code : code, noms, pays, ligne maritime.',
    },
    required: ['port'],
    optional: ['options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSPORT("Shanghai")',
    columns: ['code', 'name', 'Chinese name', 'country', 'shipping line'],
  },
  HSCIQ: {
    summary: {
      en: 'The Chinese inspection (CIQ) items under a code.',
      zh: '编码下的 CIQ 项目。',
      fr: 'Les articles d’inspection chinois (CIQ) sous un code.',
    },
    required: ['code'],
    optional: ['options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSCIQ("3926909090")',
    columns: ['code', 'CIQ number', 'name', 'supervision'],
  },
  HSTRADE: {
    summary: {
      en: 'Where goods are traded: each country’s share by number of trades, sellers, buyers.',
      zh: '商品的贸易分布：各国按交易次数的占比、卖家数、买家数。',
      fr: 'Où une marchandise s’échange : part de chaque pays en nombre d’échanges, vendeurs, acheteurs.',
    },
    required: ['product'],
    optional: ['role', 'from', 'to', 'options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSTRADE("610910")',
    columns: ['country', 'share of trades', 'trades', 'sellers', 'buyers'],
  },
  HSIMAGE: {
    summary: {
      en: 'What a picture shows: kind of goods, a product like it, and how alike.',
      zh: '图片所示商品：品类、相似商品及相似度。',
      fr: 'Ce que montre une image : genre de marchandise, produit semblable, ressemblance.',
    },
    required: ['image'],
    optional: ['options'],
    shape: 'table',
    askedOf: 'reference',
    example: '=HSIMAGE(E2)',
    columns: ['category', 'product', 'similarity'],
  },
  HSEXPERT: {
    summary: {
      en: 'How an expert consultation stands: its status, the confirmed code, the reason.',
      zh: '专家咨询单的进展：状态、确认的编码、理由。',
      fr: 'Où en est une consultation d’expert : statut, code confirmé, motif.',
    },
    required: ['form'],
    optional: ['conclusion', 'options'],
    shape: 'value',
    askedOf: 'expert',
    example: '=HSEXPERT(F2,"code")',
  },
  HSCOST: {
    summary: {
      en: 'The points HSCODE would cost for a range; asking is free.',
      zh: '对一个区域使用 HSCODE 需要的点数；查询免费。',
      fr: 'Les points que HSCODE coûterait pour une plage ; demander est gratuit.',
    },
    required: ['description'],
    optional: ['country', 'options'],
    shape: 'sum',
    askedOf: 'account',
    example: '=HSCOST(A2:A9)',
  },
  HSPOINTS: {
    summary: { en: 'The points left.', zh: '剩余点数。', fr: 'Les points restants.' },
    required: [],
    optional: ['options'],
    shape: 'value',
    askedOf: 'account',
    example: '=HSPOINTS()',
    streams: true,
  },
  HSINFO: {
    summary: {
      en: 'Where an answer came from: provider, edition, time, points.',
      zh: '答案的来源：服务、版本、时间、点数。',
      fr: 'D’où vient une réponse : fournisseur, édition, heure, points.',
    },
    required: ['description'],
    optional: ['field', 'options'],
    shape: 'table',
    askedOf: 'account',
    example: '=HSINFO(A2)',
    columns: ['field', 'value'],
  },
} as const satisfies Record<string, FunctionSpec>

export type FunctionName = keyof typeof FUNCTIONS
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[]

export function functionSpec(name: FunctionName): FunctionSpec {
  return FUNCTIONS[name]
}

export function isFunctionName(text: string): text is FunctionName {
  return Object.hasOwn(FUNCTIONS, text)
}

/** `HSRATE(code, country, [origin], [options])` */
export function signature(name: FunctionName): string {
  const spec = functionSpec(name)
  const required = spec.required.map((parameter) => PARAMETERS[parameter].shown)
  const optional = spec.optional.map((parameter) => `[${PARAMETERS[parameter].shown}]`)
  return `${name}(${[...required, ...optional].join(', ')})`
}
