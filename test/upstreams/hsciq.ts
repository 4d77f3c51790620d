/** HSCIQ, simulated from its document: eight tools over POST /mcp/tools/call, daily quotas, an expert desk. */
import type { SimulatedReply, SimulatedRequest, Simulator } from './simulator.ts'
import { startSimulator } from './simulator.ts'
import { addMessage, createForm, formDetail, HsciqRefusal, invalid, listItem, type HsciqForm } from './hsciq-forms.ts'
import { HSCIQ_COUNTRIES, linesOf, type HsciqCountry } from './hsciq-goods.ts'
import {
  ciqItems,
  codeDetail,
  codeItem,
  failedItem,
  findGoods,
  findLines,
  hazardItems,
  instanceItem,
  portItems,
} from './hsciq-items.ts'

const page = { pageIndex: 'integer', pageSize: 'integer' }
/** Tool → its arguments; the first `required` of them must be there. */
const TOOLS = {
  search_instance: { required: 1, arguments: { keywords: 'string', ...page } },
  search_code: {
    required: 2,
    arguments: { keywords: 'string', country: 'string', ...page, filterFailureCode: 'boolean' },
  },
  search_unified: { required: 2, arguments: { keywords: 'string', unifiedType: 'string', ...page } },
  get_code_detail: { required: 2, arguments: { country: 'string', code: 'string' } },
  create_guilei_form: {
    required: 1,
    arguments: {
      productNameCn: 'string',
      productNameEn: 'string',
      uses: 'string',
      ingredients: 'string',
      cas: 'string',
      brand: 'string',
      model: 'string',
      otherProductInfo: 'string',
      qq: 'string',
      weixin: 'string',
      isPaid: 'boolean',
      images: 'array',
    },
  },
  get_guilei_form: { required: 1, arguments: { formId: 'string' } },
  list_my_guilei_forms: { required: 0, arguments: page },
  add_guilei_dialog_message: {
    required: 3,
    arguments: { formId: 'string', fieldKey: 'string', content: 'string', dialogId: 'string', messageType: 'integer' },
  },
} as const satisfies Record<string, { required: number; arguments: Record<string, string> }>

export type HsciqTool = keyof typeof TOOLS
type Arguments = Record<string, unknown>

export interface HsciqOptions {
  /** API key → its state. */
  keys?: Record<string, 'valid' | 'expired' | 'revoked'>
  /** Calls of all tools together a day. */
  callsPerDay?: number
  /** Calls of one tool a day. */
  callsPerDayOf?: Partial<Record<HsciqTool, number>>
  formsPerDay?: number
  forbiddenKeywords?: readonly string[]
  /** Keywords nothing is found for. */
  unknownKeywords?: readonly string[]
  latencyMs?: number
  port?: number
}

export interface HsciqSimulator extends Simulator {
  readonly books: {
    /** Calls of each tool today, refused ones aside. */
    readonly calls: Map<HsciqTool, number>
    /** Oldest first. */
    readonly forms: HsciqForm[]
  }
  /** The expert names the code. */
  conclude(formId: string, code: string, reason: string): void
  /** The expert asks about a field. @returns the dialog's id. */
  expertAsks(formId: string, fieldKey: string, content: string): string
  /** Midnight: the quotas are whole again. */
  newDay(): void
}

export const HSCIQ_KEY = 'hsciq-key-of-the-simulator'
const FORBIDDEN = ['翻墙', 'contraband']
const UNKNOWN = ['unobtainium']
const PAGE_SIZE_MAX = 100

export async function startHsciqSimulator(options: HsciqOptions = {}): Promise<HsciqSimulator> {
  const keys = options.keys ?? { [HSCIQ_KEY]: 'valid' }
  const forbidden = options.forbiddenKeywords ?? FORBIDDEN
  const unknown = options.unknownKeywords ?? UNKNOWN
  const calls = new Map<HsciqTool, number>()
  const forms: HsciqForm[] = []
  let formsToday = 0
  let seconds = 0
  // Times differ from each other and from no clock.
  const nextTime = () => new Date(Date.UTC(2026, 4, 8, 10, 30, seconds++)).toISOString().slice(0, 19)

  const answer = (request: SimulatedRequest): SimulatedReply => {
    let toolName: string | null = null
    try {
      if (request.path === '/mcp') return serviceInfo(request)
      if (request.path !== '/mcp/tools/list' && request.path !== '/mcp/tools/call') return { status: 404, json: null }
      if (request.method !== 'POST') return { status: 405, json: null }
      checkKey(keys, request)
      if (request.path === '/mcp/tools/list') return { json: { version: '1.0', tools: toolList() } }
      const call = request.json as { toolName?: unknown; arguments?: unknown } | undefined
      toolName = String(call?.toolName)
      const tool = Object.keys(TOOLS).find((name) => name === toolName) as HsciqTool | undefined
      if (!tool) throw new HsciqRefusal(400, 'unknown_tool', 'no such tool')
      const args = (call?.arguments ?? {}) as Arguments
      checkArguments(tool, args)
      charge(tool)
      return { json: { ok: true, toolName, data: run(tool, args) } }
    } catch (error) {
      if (!(error instanceof HsciqRefusal)) throw error
      return { status: error.status, json: { ok: false, toolName, error: error.error, message: error.message } }
    }
  }

  const charge = (tool: HsciqTool): void => {
    const total = [...calls.values()].reduce((sum, count) => sum + count, 0)
    const used = calls.get(tool) ?? 0
    if (total >= (options.callsPerDay ?? Infinity) || used >= (options.callsPerDayOf?.[tool] ?? Infinity)) {
      throw new HsciqRefusal(429, 'daily_quota_exceeded', 'come back tomorrow')
    }
    if (tool === 'create_guilei_form' && formsToday >= (options.formsPerDay ?? 5)) {
      throw new HsciqRefusal(429, 'daily_guilei_quota_exceeded', 'come back tomorrow')
    }
    calls.set(tool, used + 1)
  }

  const run = (tool: HsciqTool, args: Arguments): unknown => {
    const keywords = typeof args['keywords'] === 'string' ? args['keywords'] : ''
    if (forbidden.some((word) => keywords.includes(word))) {
      throw new HsciqRefusal(400, 'forbidden_keyword', `"${keywords}" is not allowed`)
    }
    switch (tool) {
      case 'search_instance':
        return paged(findGoods(keywords, unknown).map(instanceItem), args, 10)
      case 'search_code': {
        const found = findLines(keywords, countryOf(args), unknown)
        const failed = args['filterFailureCode'] === true ? [] : found.slice(0, 1).map(failedItem)
        return paged([...failed, ...found.map(codeItem)], args, 10)
      }
      case 'search_unified':
        return paged(unifiedItems(args['unifiedType'], keywords), args, 10)
      case 'get_code_detail': {
        const line = linesOf(countryOf(args)).find(({ code }) => code === args['code'])
        if (!line) throw invalid('no such code')
        return codeDetail(line)
      }
      case 'create_guilei_form': {
        const form = createForm(args, nextTime())
        forms.push(form)
        formsToday++
        return { formId: form.id, status: '已创建', imageCount: form.imageUrls.length, imageUrls: form.imageUrls }
      }
      case 'get_guilei_form':
        return formDetail(formOf(args['formId']))
      case 'list_my_guilei_forms':
        return formPage(forms, args)
      case 'add_guilei_dialog_message':
        return addMessage(formOf(args['formId']), args, 'user', nextTime())
    }
  }

  const formOf = (id: unknown): HsciqForm => {
    const form = forms.find((each) => each.id === id)
    // The document names no error of its own for this, nor for an unknown code.
    if (!form) throw invalid('no such form')
    return form
  }

  const simulator = await startSimulator(answer, options)
  return Object.assign(simulator, {
    books: { calls, forms },
    conclude(formId: string, confirmedCode: string, classificationReason: string) {
      const form = formOf(formId)
      if (form.finalization) form.finalizationHistory.push(form.finalization)
      form.finalization = { confirmedCode, classificationReason }
    },
    expertAsks: (formId: string, fieldKey: string, content: string) =>
      String(addMessage(formOf(formId), { fieldKey, content }, 'expert', nextTime())['dialogId']),
    newDay() {
      calls.clear()
      formsToday = 0
    },
  })
}

function serviceInfo(request: SimulatedRequest): SimulatedReply {
  if (request.method !== 'GET') return { status: 405, json: null }
  return {
    json: { name: 'HSCIQ2 MCP', version: '1.0', toolsEndpoint: '/mcp/tools/list', callEndpoint: '/mcp/tools/call' },
  }
}

function checkKey(keys: Record<string, 'valid' | 'expired' | 'revoked'>, { headers }: SimulatedRequest): void {
  const key = headers['x-api-key']
  if (typeof key !== 'string' || key === '') throw new HsciqRefusal(401, 'missing_api_key', 'no key')
  switch (Object.hasOwn(keys, key) ? keys[key] : undefined) {
    case 'valid':
      return
    case 'expired':
      throw new HsciqRefusal(401, 'api_key_expired', 'expired')
    case 'revoked':
      throw new HsciqRefusal(401, 'api_key_revoked', 'revoked')
    case undefined:
      // Some servers repeat what they refuse: nothing of it may reach a cell or a log.
      throw new HsciqRefusal(401, 'invalid_api_key', `key ${key} is not valid`)
  }
}

function toolList(): unknown[] {
  return Object.entries(TOOLS).map(([name, spec]) => ({
    name,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(spec.arguments).map(([key, type]) => [key, { type }])),
      required: Object.keys(spec.arguments).slice(0, spec.required),
    },
  }))
}

function checkArguments(tool: HsciqTool, args: Arguments): void {
  const { required, arguments: known } = TOOLS[tool]
  for (const name of Object.keys(known).slice(0, required)) {
    const value = args[name]
    if (typeof value !== 'string' || value.trim() === '') throw invalid(`${name} is empty`)
  }
  for (const [name, type] of Object.entries<string>(known)) {
    const value = args[name]
    if (value === undefined || value === null) continue
    const fits =
      type === 'integer' ? Number.isInteger(value) : type === 'array' ? Array.isArray(value) : typeof value === type
    if (!fits) throw invalid(`${name} is no ${type}`)
  }
  const { pageIndex = 1, pageSize = 1 } = args as { pageIndex?: number; pageSize?: number }
  if (pageIndex < 1 || pageSize < 1 || pageSize > PAGE_SIZE_MAX) throw invalid('page')
}

function countryOf(args: Arguments): HsciqCountry {
  const country = HSCIQ_COUNTRIES.find((each) => each === args['country'])
  if (!country) throw invalid('country')
  return country
}

function unifiedItems(type: unknown, keywords: string): unknown[] {
  switch (type) {
    case 'ciq':
      return ciqItems(keywords)
    case 'hazardous':
      return hazardItems(keywords)
    case 'port':
      return portItems(keywords)
    default:
      throw invalid('unifiedType')
  }
}

function paged(items: readonly unknown[], args: Arguments, usual: number): Record<string, unknown> {
  const { pageIndex = 1, pageSize = usual } = args as { pageIndex?: number; pageSize?: number }
  const totalPageCount = Math.ceil(items.length / pageSize)
  return {
    pageIndex,
    pageSize,
    totalPageCount,
    totalItemCount: items.length,
    isPreviousPage: pageIndex > 1,
    isNextPage: pageIndex < totalPageCount,
    items: items.slice((pageIndex - 1) * pageSize, pageIndex * pageSize),
  }
}

/** The list of forms has no `isPreviousPage` and `isNextPage` in the document's example. */
function formPage(forms: readonly HsciqForm[], args: Arguments): Record<string, unknown> {
  const { isPreviousPage: _, isNextPage: __, ...page } = paged(forms.toReversed().map(listItem), args, 20)
  return page
}
