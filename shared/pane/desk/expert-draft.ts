/**
 * A question to the experts while it is written: it outlives the view, and has one id as long as it says the same, so that pressing
 * twice, also after a lost reply, sends one form.
 */
import { failure } from '../../error-codes.ts'
import type { Language } from '../../language.ts'
import { printFailure } from '../../print-failure.ts'
import type { z } from 'zod/mini'
import type { consultationCreatedReply } from '../../desk-protocol.ts'
import { observable, type Observable } from '../observable.ts'
import { isRefused, type ProxyApi, type Refused } from '../proxy-api.ts'
import type { Picture, PictureKind } from '../picture/read-picture.ts'

export const DRAFT_FIELDS = [
  'productNameCn',
  'productNameEn',
  'uses',
  'ingredients',
  'cas',
  'brand',
  'model',
  'otherProductInfo',
] as const
export type DraftField = (typeof DRAFT_FIELDS)[number]

/** Characters each may have, as the proxy takes them. */
export const FIELD_CHARACTERS_MAX: Record<DraftField, number> = {
  productNameCn: 200,
  productNameEn: 200,
  uses: 1000,
  ingredients: 1000,
  cas: 40,
  brand: 100,
  model: 100,
  otherProductInfo: 2000,
}

export const DESK_PICTURES_MAX = 3
export const DESK_PICTURE_LIMITS: { kinds: readonly PictureKind[]; bytesMax: number } = {
  kinds: ['jpeg', 'png', 'gif', 'webp'],
  bytesMax: 1024 * 1024,
}

export interface Draft {
  fields: Partial<Record<DraftField, string>>
  pictures: readonly Picture[]
  /** The person said that it acts in their name and that its pictures become public. */
  isConfirmed: boolean
}

type Created = z.infer<typeof consultationCreatedReply>

export interface ExpertDraft {
  draft: Observable<Draft>
  write(field: DraftField, text: string): void
  addPicture(picture: Picture): void
  removePicture(at: number): void
  confirm(isConfirmed: boolean): void
  /** Empties the draft once it is sent. */
  send(): Promise<Created | Refused>
  /** It was written for another workspace. */
  forget(): void
}

const EMPTY: Draft = { fields: {}, pictures: [], isConfirmed: false }

export function createExpertDraft(deps: {
  api: Pick<ProxyApi, 'createConsultation'>
  newId: () => string
  language: () => Language
}): ExpertDraft {
  const draft = observable<Draft>(EMPTY)
  let requestId: string | null = null
  let sending: Promise<Created | Refused> | null = null

  /** Says something else now: it is another request, and what was confirmed was not this. */
  function change(changed: Partial<Draft>): void {
    requestId = null
    draft.update((before) => ({ ...before, ...changed, isConfirmed: false }))
  }

  async function sendOnce(): Promise<Created | Refused> {
    const { fields, pictures } = draft.get()
    requestId ??= deps.newId()
    const reply = await deps.api.createConsultation({
      requestId,
      confirm: true,
      productNameCn: fields.productNameCn?.trim() ?? '',
      ...trimmed(fields),
      images: pictures.map(({ name, base64 }) => ({ fileName: name, data: base64 })),
    })
    if (!isRefused(reply)) {
      requestId = null
      draft.set(EMPTY)
    }
    return reply
  }

  return {
    draft,
    write: (field, text) => change({ fields: { ...draft.get().fields, [field]: text } }),
    addPicture: (picture) => change({ pictures: [...draft.get().pictures, picture].slice(0, DESK_PICTURES_MAX) }),
    removePicture: (at) => change({ pictures: draft.get().pictures.filter((_, index) => index !== at) }),
    forget() {
      requestId = null
      draft.set(EMPTY)
    },
    confirm: (isConfirmed) => draft.update((before) => ({ ...before, isConfirmed })),
    async send() {
      if (!draft.get().isConfirmed) {
        return { error: printFailure(failure('confirm-needed', { provider: 'hsciq' }), deps.language()) }
      }
      sending ??= sendOnce().finally(() => {
        sending = null
      })
      return sending
    },
  }
}

export function isWhole({ fields, isConfirmed }: Draft): boolean {
  return isConfirmed && (fields.productNameCn?.trim() ?? '') !== ''
}

/** Empty fields are left out. */
function trimmed(fields: Draft['fields']): Partial<Record<DraftField, string>> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, text]) => [name, text.trim()])
      .filter(([, text]) => text !== ''),
  )
}
