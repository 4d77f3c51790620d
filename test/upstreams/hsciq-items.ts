/** The items of the simulated HSCIQ with every field its document names. Prose in them is ours. */
import { HSCIQ_GOODS, linesOf, type HsciqCountry, type HsciqGoods, type HsciqLine } from './hsciq-goods.ts'

type Item = Record<string, unknown>

const CREATED = '2026-01-01T00:00:00'
const UPDATED = '2026-03-01T08:30:00'

/** Goods whose name fits; for a text nobody knows, three that always stay the same. */
export function findGoods(keywords: string, unknown: readonly string[]): HsciqGoods[] {
  const text = keywords.trim().toLowerCase()
  if (unknown.includes(text)) return []
  const fitting = HSCIQ_GOODS.filter(
    ({ english, chinese }) => text.includes(english) || english.includes(text) || text.includes(chinese),
  )
  if (fitting.length > 0) return fitting
  const start = seedOf(text) % HSCIQ_GOODS.length
  return [0, 1, 2].map((step) => HSCIQ_GOODS[(start + step * 7) % HSCIQ_GOODS.length]!)
}

/** Lines of a country by keywords or by the first digits of a code. */
export function findLines(keywords: string, country: HsciqCountry, unknown: readonly string[]): HsciqLine[] {
  const digits = keywords.replaceAll(/[.\s]/g, '')
  if (/^\d{4,13}$/.test(digits)) return linesOf(country).filter(({ code }) => code.startsWith(digits))
  return findGoods(keywords, unknown).flatMap(({ lines }) => lines.filter((line) => line.country === country))
}

function seedOf(text: string): number {
  let seed = 17
  for (const character of text) seed = (seed * 31 + character.codePointAt(0)!) % 1_000_003
  return seed
}

function nameOf({ country, goods }: HsciqLine): string {
  return country === 'CN' ? goods.chinese : goods.english
}

export function codeItem(line: HsciqLine): Item {
  const { code, country, units, rates } = line
  const [two, four, six] = [code.slice(0, 2), code.slice(0, 4), code.slice(0, 6)]
  const common = {
    Status: 1,
    CreateTime: CREATED,
    UpdateTime: UPDATED,
    Unit1: units[0] ?? null,
    Unit2: units[1] ?? null,
    // Written like this here, and UnitOfMeasure in the detail of a code: the document has both.
    UnitofMeasure: units.join('/') || null,
    Code: code,
    Name: nameOf(line),
    CategoryId: `category-${two}`,
    CategoryName: `chapter ${two}`,
    _2Code: two,
    _2CodeName: `chapter ${two}`,
    _4Code: four,
    _4CodeName: `heading ${four}`,
    _6Code: six,
    _6CodeName: `subheading ${six}`,
    Tokens: [nameOf(line)],
    DocumentId: `${country}-${code}`,
  }
  switch (country) {
    case 'CN':
      return {
        ...common,
        OldData: { code },
        Import: rates[0] || null,
        Export: '0%',
        RCEP: null,
        CT: null,
        ExportRebateCode: null,
        Remark: null,
      }
    case 'JP': {
      const [general, temporary, wto, rcepChina, vietnam] = rates.map((rate) => rate || null)
      return {
        ...common,
        General: general ?? null,
        Temporary: temporary ?? null,
        WTO: wto ?? null,
        ...Object.fromEntries(JAPANESE_COLUMNS.map((column) => [column, null])),
        RCEP_China: rcepChina ?? null,
        Vietnam: vietnam ?? null,
        Law: null,
      }
    }
    case 'US':
      return {
        ...common,
        Indent: '2',
        GeneralRateofDuty: rates[0] || null,
        SpecialRateofDuty: rates[1] || null,
        Column2RateofDuty: rates[2] || null,
        QuotaQuantity: null,
        AdditionalDuties: null,
      }
  }
}

const JAPANESE_COLUMNS = (
  'GSP LDC Asean Singapore Mexico Malaysia Chile Thailand Indonesia Brunei Philippines Switzerland Vietnam India Peru ' +
  'Australia Mongolia CPTPP EU UK US RCEP_China RCEP_Korea RCEP_Australia'
).split(' ')

/** What stopped being valid: only shown to those who do not filter it out. */
export function failedItem(line: HsciqLine): Item {
  return { ...codeItem(line), Status: 0, Code: `${line.code.slice(0, 6)}${'9'.repeat(line.code.length - 6)}` }
}

export function instanceItem({ chinese, lines }: HsciqGoods, at: number): Item {
  const code = lines[0]?.code ?? ''
  return {
    InstanceName: `<em>${chinese}</em>`,
    InstanceNamePlain: chinese,
    Count: 120 - at * 10,
    IndexDocumentId: `instance-${code}`,
    IndexTokens: [chinese],
    IndexInstanceNameTokens: [chinese],
    IndexInstanceNameAsciiTokens: [],
    IndexCategoryNameTokens: [],
    Index2CodeNameTokens: [code.slice(0, 2)],
    Index4CodeNameTokens: [code.slice(0, 4)],
    Index6CodeNameTokens: [code.slice(0, 6)],
    MatchRank: 1 - at * 0.1,
    ShortNamePenalty: 0,
    ChineseHitPenalty: 0,
    PrimaryHitPenalty: 0,
    MissingTokens: 0,
    MissingRatio: 0,
    MatchedTokens: 1,
    OrderPenalty: 0,
    SpanLen: chinese.length,
    FirstPos: 0,
    NameLength: chinese.length,
    MaxScore: 10 - at,
    CategoryResults: [],
  }
}

export function ciqItems(keywords: string): Item[] {
  return findLines(keywords, 'CN', []).flatMap(({ code, goods }) =>
    ['101', '102'].map((id, at) => ({
      Status: 1,
      CreateTime: CREATED,
      UpdateTime: UPDATED,
      Code: code,
      Id: id,
      Name: `${goods.chinese}${at === 0 ? '' : '其他'}`,
      Number: 'M/N',
      Tokens: [goods.chinese],
      DocumentId: `ciq-${code}-${id}`,
    })),
  )
}

const CHEMICALS = [
  { name: '丙酮', alias: 'acetone', cas: '67-64-1', code: '2914110000' },
  { name: '乙醇', alias: 'ethanol', cas: '64-17-5', code: '2207100000' },
  { name: '甲醇', alias: 'methanol', cas: '67-56-1', code: '2905110000' },
  { name: '氯', alias: null, cas: '7782-50-5', code: null },
]

export function hazardItems(keywords: string): Item[] {
  const text = keywords.toLowerCase()
  return CHEMICALS.flatMap(({ name, alias, cas, code }, at) =>
    text === cas || text.includes(name) || (alias !== null && text.includes(alias))
      ? [
          {
            Id: at + 1,
            Name: name,
            Alias: alias,
            CAS: cas,
            HSCode: code,
            Remarks: null,
            CreateTime: CREATED,
            Tokens: [name],
            DocumentId: `hazard-${at + 1}`,
          },
        ]
      : [],
  )
}

const PORTS = [
  {
    code: 'CNSHA',
    chinese: '上海',
    english: 'Shanghai',
    country: { Id: 1, Name: '中国' },
    line: { Id: 4, Name: '远东' },
  },
  { code: 'JPTYO', chinese: '东京', english: 'Tokyo', country: { Id: 2, Name: '日本' }, line: null },
  { code: 'USLAX', chinese: '洛杉矶', english: 'Los Angeles', country: null, line: { Id: 9, Name: '美西' } },
]

export function portItems(keywords: string): Item[] {
  const text = keywords.toLowerCase()
  const shown = (plain: string) => plain.replace(new RegExp(escaped(keywords), 'i'), (hit) => `<em>${hit}</em>`)
  return PORTS.flatMap(({ code, chinese, english, country, line }, at) =>
    [code, chinese, english].some((name) => name.toLowerCase().includes(text))
      ? [
          {
            Id: at + 1,
            Code: shown(code),
            CodePlain: code,
            CName: shown(chinese),
            CNamePlain: chinese,
            EName: shown(english),
            ENamePlain: english,
            Country: country,
            ShippingLine: line,
          },
        ]
      : [],
  )
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** MCPCodeDetailResult. */
export function codeDetail(line: HsciqLine): Item {
  const { country, code, units, rates } = line
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = rates
  const common = {
    Country: country,
    Code: code,
    Name: nameOf(line),
    Status: 1,
    UpdateTime: UPDATED,
    Unit1: units[0] ?? null,
    Unit2: units[1] ?? null,
    UnitOfMeasure: units.join('/') || null,
    Remark: null,
  }
  switch (country) {
    case 'CN':
      return {
        ...common,
        // The pack has no Chinese units; customs counts most of these by weight.
        Unit1: '千克',
        Remark: '备注',
        Taxes: { mfnImportRate: first, generalImportRate: second, vatRate: fourth, exportTaxRebateRate: '13%' },
        Extensions: { Cn: chineseExtension(line, third), Jp: null, Us: null },
      }
    case 'JP':
      return {
        ...common,
        Taxes: { general: first, temporary: second, wto: third, rcepChina: fourth },
        Extensions: { Cn: null, Jp: { AgreementRates: { vietnam: fifth } }, Us: null },
      }
    case 'US':
      return {
        ...common,
        Taxes: { generalRateOfDuty: first, specialRateOfDuty: second, column2RateOfDuty: third },
        Extensions: { Cn: null, Jp: null, Us: { QuotaQuantity: null, AdditionalDuties: 'See chapter 99' } },
      }
  }
}

function chineseExtension({ goods }: HsciqLine, provisional: string): Item {
  return {
    Reporting: [
      { Key: '1', Value: '品名', IsRequired: true },
      { Key: '2', Value: '材质', IsRequired: true },
      { Key: '3', Value: '用途', IsRequired: false },
    ],
    Regulatory: { A: '入境货物通关单' },
    Inspect: { M: '进口商品检验' },
    RegulatoryCodes: [
      {
        Code: '4x',
        Name: '两用物项',
        Mofcomcode: 'M1',
        Iemark: 'E',
        Reportingcategorycode: '9',
        ReportingElements: [
          { Elementname: '型号', Elementorder: 2 },
          { Elementname: '品牌', Elementorder: 1 },
        ],
      },
    ],
    Ciqs: [{ Key: '101', Value: goods.chinese, IsRequired: false }],
    HSMap: [{ Key: 'chapter', Value: '章注', IsRequired: false }],
    ExportRebateCodes: [{ Id: '001', Name: '一般', Rate: '13%' }],
    Ct: { 东盟: '0%', 智利: '0%', ...(provisional === '' ? {} : { 新西兰: '0%' }) },
    Rcep: { 日本: '5%' },
  }
}
