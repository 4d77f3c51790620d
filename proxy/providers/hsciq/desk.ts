/**
 * HSCIQ's experts: forms, dialogs, conclusions. Creating and writing act in the name of whoever owns the key, and the pictures become
 * public, so neither is ever sent twice: where the outcome is unknown, the failure says to look first.
 */
import { failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import { cleanText, readCode } from '../clean-text.ts'
import { ProviderError, type Reply } from '../provider.ts'
import type { Connection, Consultation, ConsultationDraft, ExpertDesk } from '../upstream.ts'
import type { ExpertAsk } from '../../../shared/ask.ts'
import { HSCIQ, type HsciqClient, type ToolCall } from './client.ts'
import { drawPictures } from './pictures.ts'
import {
  createdForm,
  dialogItem,
  formDetail,
  formItem,
  messageItem,
  page,
  writtenMessage,
  type FormDetail,
} from './schema.ts'
import { brokenCode, itemsOf, NO_MATCH, readItems } from './to-answer.ts'

const LIST_SIZE_MAX = 100
/** Never the address of a person, and never a consultation that costs: `qq`, `weixin`, `isPaid`. */
const FIELDS = [
  'productNameCn',
  'productNameEn',
  'uses',
  'ingredients',
  'cas',
  'brand',
  'model',
  'otherProductInfo',
] as const satisfies readonly (keyof ConsultationDraft)[]

export function createDesk(client: HsciqClient, { log }: Pick<Connection, 'log'>): ExpertDesk {
  return {
    async list({ index, size }, signal) {
      const found = await client.call({
        tool: 'list_my_guilei_forms',
        arguments: { pageIndex: index, pageSize: Math.min(size, LIST_SIZE_MAX) },
        schema: page,
        notFound: NO_MATCH,
        asked: '',
        repeatable: true,
        signal,
      })
      if (isFailure(found)) {
        if (found === NO_MATCH) return { items: [], total: 0 }
        throw new ProviderError(found.failed, { provider: HSCIQ, failure: found, mayHaveBeenDone: false })
      }
      const items = itemsOf(found, formItem).map((item): Consultation => ({
        form: item.id,
        product: cleanText(item.productNameCn),
        status: statusOf(item.status, item.isFinalized === true),
        createdAt: timeOf(item.createTime),
        code: null,
        reason: null,
        dialogs: [],
      }))
      return { items, total: found.totalItemCount ?? items.length }
    },
    async read(form, signal) {
      const found = await readForm(client, form, signal)
      return isFailure(found) ? found : toConsultation(form, found)
    },
    async create(draft, signal) {
      // What HSCIQ would refuse is refused here: it costs one of five forms a day to find out there.
      if (draft.productNameCn.trim() === '') return failure('no-words', { value: 'productNameCn' })
      const pictures = await drawPictures(draft.images)
      if (isFailure(pictures)) return pictures
      // Surely nothing was sent; a call with an end behind it could not say so.
      if (signal.aborted) return failure('provider-timeout', { provider: HSCIQ })
      const created = await once(client, {
        tool: 'create_guilei_form',
        arguments: {
          ...Object.fromEntries(FIELDS.map((field) => [field, draft[field]])),
          images: pictures.map(({ fileName, bytes }) => ({ fileName, data: bytes.toString('base64') })),
        },
        schema: createdForm,
        notFound: failure('provider-failed', { provider: HSCIQ }),
        asked: draft.productNameCn,
        signal,
      })
      if (isFailure(created)) return created
      if (created.imageCount !== pictures.length) {
        log.warn(
          { provider: HSCIQ, sent: pictures.length, kept: created.imageCount ?? null },
          'pictures of a form are missing',
        )
      }
      return { form: created.formId, imageUrls: (created.imageUrls ?? []).flatMap(webAddress) }
    },
    async write({ form, field, text, dialog }, signal) {
      const written = await once(client, {
        tool: 'add_guilei_dialog_message',
        arguments: {
          formId: form,
          fieldKey: field,
          content: text,
          ...(dialog === undefined ? {} : { dialogId: dialog }),
        },
        schema: writtenMessage,
        notFound: failure('form-unknown', { form }),
        asked: field,
        signal,
      })
      return isFailure(written) ? written : { dialog: written.dialogId }
    },
  }
}

/** HSEXPERT. */
export async function askExpert(client: HsciqClient, { form, field }: ExpertAsk, signal: AbortSignal): Promise<Reply> {
  const found = await readForm(client, form, signal)
  if (isFailure(found)) return found
  const { status, code, reason } = toConsultation(form, found)
  if (field === 'status') return { kind: 'value', value: status }
  if (!found.finalization) return failure('form-open', { status })
  if (field === 'reason') return { kind: 'value', value: reason ?? '' }
  return code === null ? brokenCode(found.finalization.confirmedCode) : { kind: 'value', value: code }
}

async function readForm(client: HsciqClient, form: string, signal: AbortSignal): Promise<FormDetail | Failure> {
  const unknown = failure('form-unknown', { form })
  const found = await client.call({
    tool: 'get_guilei_form',
    arguments: { formId: form },
    schema: formDetail,
    notFound: unknown,
    asked: form,
    repeatable: true,
    signal,
  })
  if (isFailure(found)) return found
  const { id } = found.form
  // Somebody else's form is not to be shown.
  return id != null && id.toLowerCase() !== form.toLowerCase() ? unknown : found
}

function toConsultation(form: string, found: FormDetail): Consultation {
  const { finalization } = found
  return {
    form,
    product: cleanText(found.form.productNameCn),
    status: statusOf(found.form.status, finalization != null),
    createdAt: timeOf(found.form.createTime),
    code: finalization ? readCode(finalization.confirmedCode) : null,
    reason: finalization ? cleanText(finalization.classificationReason) : null,
    dialogs: readItems(found.dialogs, dialogItem).map(({ id, fieldKey, messages }) => ({
      id: cleanText(id),
      field: cleanText(fieldKey),
      messages: readItems(messages, messageItem).map(({ senderId, content, createTime }) => ({
        from: cleanText(senderId),
        text: cleanText(content),
        at: timeOf(createTime),
      })),
    })),
  }
}

/** Text when a form is created, a number in the list. The document shows 1 for a form nobody has worked on and names no other number. */
function statusOf(status: unknown, isConcluded: boolean): string {
  if (isConcluded) return 'concluded'
  return status === '已创建' || status === 0 || status === 1 ? 'created' : 'open'
}

/** The time as HSCIQ writes it, which is without a zone. */
function timeOf(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?$/.test(value) ? value : null
}

/** Sends what must not be sent twice. Everything that befalls it is a value, so that nobody who retries errors retries this. */
async function once<Data extends object>(
  client: HsciqClient,
  call: Omit<ToolCall<Data>, 'repeatable' | 'withoutData'>,
): Promise<Data | Failure> {
  const outcomeUnknown = failure('outcome-unknown', { provider: HSCIQ })
  try {
    // "All is well" without a form may stand for a form that was made: taken for none, the same request would make another.
    return await client.call({ ...call, repeatable: false, withoutData: outcomeUnknown })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return error.mayHaveBeenDone ? outcomeUnknown : error.failure
  }
}

function webAddress(value: unknown): string[] {
  return typeof value === 'string' && value.length <= 500 && /^https?:\/\/[^\s"'<>]+$/.test(value) ? [value] : []
}
