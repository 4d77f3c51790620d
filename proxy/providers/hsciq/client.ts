/** The eight tools of HSCIQ over one address, and its errors by name. One plain attempt a call; who wraps it decides what is sent again. */
import * as z from 'zod/mini'
import { failure, type Failure } from '../../../shared/error-codes.ts'
import { createJsonClient } from '../fetch-json.ts'
import { ProviderError } from '../provider.ts'
import type { Connection } from '../upstream.ts'
import { envelope, serviceInfo, toolItem, toolList, type ServiceInfo } from './schema.ts'

export const HSCIQ = 'hsciq'

export type HsciqTool =
  | 'search_instance'
  | 'search_code'
  | 'search_unified'
  | 'get_code_detail'
  | 'create_guilei_form'
  | 'get_guilei_form'
  | 'list_my_guilei_forms'
  | 'add_guilei_dialog_message'

export interface ToolCall<Data> {
  tool: HsciqTool
  arguments: Readonly<Record<string, unknown>>
  /** What `data` is when all is well. */
  schema: z.ZodMiniType<Data>
  /** What it means that there is no such thing. */
  notFound: Failure
  /** What it means that all is well and no data came; `notFound` where left out. */
  withoutData?: Failure
  /** Our own words for what was asked: they stand in the refusal of a wording, so that no text of HSCIQ's has to. */
  asked: string
  /** False for what changes something there. */
  repeatable: boolean
  signal: AbortSignal
}

export interface HsciqClient {
  /**
   * @returns the data, or the failure that concerns this question alone.
   * @throws {ProviderError} when the service refuses or fails: key, quota, everything that befalls a reply.
   */
  call<Data extends object>(call: ToolCall<Data>): Promise<Data | Failure>
  /** Name, version and addresses of the service. */
  serviceInfo(signal: AbortSignal): Promise<ServiceInfo>
  /** Names of the tools on offer. */
  listTools(signal: AbortSignal): Promise<string[]>
  close(): Promise<void>
}

export function createHsciqClient(connection: Connection): HsciqClient {
  const { credential, baseUrl, onUsage } = connection
  const http = createJsonClient({
    provider: HSCIQ,
    baseUrl,
    defaultHeaders: { 'x-api-key': credential['key'] ?? '' },
  })

  return {
    async call(call) {
      let read: NamedFailure | null = null
      try {
        const { data } = await http.request({
          method: 'POST',
          path: '/mcp/tools/call',
          json: { toolName: call.tool, arguments: call.arguments },
          schema: envelope(call.tool, call.schema),
          readFailure: (status, body) => {
            read = readFailure(status, body, call)
            return read?.failure ?? null
          },
          repeatable: call.repeatable,
          signal: call.signal,
        })
        onUsage({ items: 1, charged: null, balance: null })
        return data ?? call.withoutData ?? call.notFound
      } catch (error) {
        const named = read as NamedFailure | null
        if (!(error instanceof ProviderError) || named === null || error.failure !== named.failure) throw error
        if (named.concerns === 'service') throw error
        onUsage({ items: 1, charged: null, balance: null })
        return named.failure
      }
    },
    serviceInfo: (signal) =>
      http.request({ method: 'GET', path: '/mcp', schema: serviceInfo, repeatable: true, signal }),
    async listTools(signal) {
      const { tools } = await http.request({
        method: 'POST',
        path: '/mcp/tools/list',
        schema: toolList,
        readFailure: (status, body) => readFailure(status, body, UNASKED)?.failure ?? null,
        repeatable: true,
        signal,
      })
      return tools.flatMap((tool) => {
        const parsed = z.safeParse(toolItem, tool)
        return parsed.success ? [parsed.data.name] : []
      })
    },
    close: () => http.close(),
  }
}

const FAILED = failure('provider-failed', { provider: HSCIQ })
const UNASKED = { notFound: FAILED, asked: '' }

interface NamedFailure {
  failure: Failure
  /** The service as a whole, or this one question. */
  concerns: 'service' | 'question'
}

/** `{ ok: false, error }`, with whatever HTTP status it comes. @returns null where the status alone has to tell. */
function readFailure(
  status: number,
  body: unknown,
  { tool, notFound, asked }: Pick<ToolCall<unknown>, 'notFound' | 'asked'> & { tool?: HsciqTool },
): NamedFailure | null {
  const name = errorName(status, body)
  if (name === null) return null
  switch (name) {
    case 'missing_api_key':
    case 'invalid_api_key':
    case 'api_key_expired':
    case 'api_key_revoked':
      return { failure: failure('upstream-key-refused', { provider: HSCIQ }), concerns: 'service' }
    case 'daily_quota_exceeded':
    case 'daily_guilei_quota_exceeded':
      return { failure: failure('upstream-quota', { provider: HSCIQ }), concerns: 'service' }
    case 'internal_error':
      return { failure: failure('provider-busy', { provider: HSCIQ }), concerns: 'service' }
    case 'forbidden_keyword':
      return { failure: failure('wording-refused', { provider: HSCIQ, detail: asked }), concerns: 'question' }
    case 'invalid_params': {
      // The document names no error for what does not exist; a code or a form is all these two are asked by.
      const isLookedUp = tool === 'get_code_detail' || tool === 'get_guilei_form'
      return { failure: isLookedUp ? notFound : FAILED, concerns: 'question' }
    }
    case 'unknown_tool':
      return { failure: FAILED, concerns: 'question' }
    default:
      if (status === 404 || /not_?(?:found|exist)/i.test(name)) return { failure: notFound, concerns: 'question' }
      return status === 200 || status === 400 ? { failure: FAILED, concerns: 'question' } : null
  }
}

/** @returns null when the reply is no refusal in HSCIQ's own form; '' for a refusal without a name. */
function errorName(status: number, body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null
  const { ok, error } = body as { ok?: unknown; error?: unknown }
  if (typeof error === 'string' && (ok === false || status !== 200)) return error
  return ok === false ? '' : null
}
