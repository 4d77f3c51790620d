/** The expert desk of the simulated HSCIQ: forms, dialogs, pictures, conclusions. */
import { randomUUID } from 'node:crypto'

export interface HsciqForm {
  id: string
  /** As sent, without the pictures. */
  fields: Record<string, unknown>
  createTime: string
  imageUrls: string[]
  dialogs: {
    id: string
    fieldKey: string
    messages: { id: string; senderId: string; content: string; createTime: string; messageType: number | null }[]
  }[]
  finalization: { confirmedCode: string; classificationReason: string } | null
  finalizationHistory: { confirmedCode: string; classificationReason: string }[]
}

/** Named as in the document's table of errors. */
export class HsciqRefusal extends Error {
  readonly status: number
  readonly error: string
  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

export const invalid = (message: string) => new HsciqRefusal(400, 'invalid_params', message)

const TEXT_FIELDS = [
  'productNameCn',
  'productNameEn',
  'uses',
  'ingredients',
  'cas',
  'brand',
  'model',
  'otherProductInfo',
  'qq',
  'weixin',
]
const FIELD_KEYS = [
  'ProductNameCn',
  'ProductNameEn',
  'Uses',
  'Ingredients',
  'Cas',
  'Brand',
  'Model',
  'OtherProductInfo',
]
const IMAGES_MAX = 3
const IMAGE_BYTES_MAX = 1024 * 1024

export function createForm(args: Record<string, unknown>, createTime: string): HsciqForm {
  const { images = [], isPaid, ...fields } = args
  for (const [name, value] of Object.entries(fields)) {
    if (!TEXT_FIELDS.includes(name)) throw invalid(`unknown field ${name}`)
    if (value !== null && typeof value !== 'string') throw invalid(`${name} is not text`)
  }
  if (isPaid !== undefined && typeof isPaid !== 'boolean') throw invalid('isPaid')
  if (typeof fields['productNameCn'] !== 'string' || fields['productNameCn'].trim() === '') {
    throw invalid('productNameCn is empty')
  }
  if (!Array.isArray(images) || images.length > IMAGES_MAX) throw invalid('images')
  const id = randomUUID()
  const imageUrls = (images as { fileName?: unknown; data?: unknown }[]).map(({ fileName, data }, at) => {
    if (typeof fileName !== 'string' || typeof data !== 'string') throw invalid('image')
    const bytes = Buffer.from(data, 'base64')
    if (bytes.length === 0 || bytes.length > IMAGE_BYTES_MAX) throw invalid('image size')
    const extension = extensionOf(bytes)
    if (extension === null) throw invalid('image format')
    return `https://www.hsciq.com/uploads/guilei/${id}/${at + 1}.${extension}`
  })
  return { id, fields, createTime, imageUrls, dialogs: [], finalization: null, finalizationHistory: [] }
}

/** By the first bytes, whatever the file is called. */
function extensionOf(bytes: Buffer): string | null {
  const start = bytes.toString('latin1', 0, 12)
  if (start.startsWith('\xff\xd8\xff')) return 'jpg'
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (/^GIF8[79]a/.test(start)) return 'gif'
  return /^RIFF.{4}WEBP$/s.test(start) ? 'webp' : null
}

/** 1: created. 2: somebody wrote. 3: concluded. The document shows 1 beside `isFinalized: false` and names no other. */
function statusOf({ dialogs, finalization }: HsciqForm): number {
  if (finalization !== null) return 3
  return dialogs.length > 0 ? 2 : 1
}

export function listItem(form: HsciqForm): Record<string, unknown> {
  return {
    id: form.id,
    productNameCn: form.fields['productNameCn'],
    status: statusOf(form),
    isFinalized: form.finalization !== null,
    createTime: form.createTime,
  }
}

export function formDetail(form: HsciqForm): Record<string, unknown> {
  return {
    form: { id: form.id, ...form.fields, status: statusOf(form), createTime: form.createTime },
    acl: [],
    dialogs: form.dialogs,
    shares: [],
    finalization: form.finalization,
    finalizationHistory: form.finalizationHistory,
  }
}

export function addMessage(
  form: HsciqForm,
  args: Record<string, unknown>,
  senderId: string,
  createTime: string,
): Record<string, unknown> {
  const { fieldKey, content, dialogId, messageType } = args
  if (typeof fieldKey !== 'string' || !FIELD_KEYS.includes(fieldKey)) throw invalid('fieldKey')
  if (typeof content !== 'string' || content.trim() === '') throw invalid('content is empty')
  let dialog = form.dialogs.find(({ id }) => id === dialogId)
  if (dialogId !== undefined && !dialog) throw invalid('dialogId')
  const action = dialog ? 'reply' : 'created'
  if (!dialog) {
    dialog = { id: randomUUID(), fieldKey, messages: [] }
    form.dialogs.push(dialog)
  }
  const message = {
    id: randomUUID(),
    senderId,
    content,
    createTime,
    messageType: typeof messageType === 'number' ? messageType : null,
  }
  dialog.messages.push(message)
  return { dialogId: dialog.id, messageId: message.id, action }
}
