/** A consultation's dialogs, sorted by the field they are about. */
import type { z } from 'zod/mini'
import type { consultation } from '../../desk-protocol.ts'

export type Consultation = z.infer<typeof consultation>
export type Dialog = Consultation['dialogs'][number]

/** As the desk names what can be talked about. */
export const DESK_FIELDS = [
  'ProductNameCn',
  'ProductNameEn',
  'Uses',
  'Ingredients',
  'Cas',
  'Brand',
  'Model',
  'OtherProductInfo',
] as const
export type DeskField = (typeof DESK_FIELDS)[number]

export interface Thread {
  /** One of {@link DESK_FIELDS}, or a name the desk gave that is not known here. */
  field: string
  dialogs: Dialog[]
}

/** Fields with dialogs, in the order of the form; unknown ones last. */
export function threadsOf({ dialogs }: Pick<Consultation, 'dialogs'>): Thread[] {
  const names: readonly string[] = DESK_FIELDS
  const fields = [...new Set(dialogs.map(({ field }) => field))]
  const place = (field: string): number => (names.includes(field) ? names.indexOf(field) : names.length)
  return fields
    .sort((a, b) => place(a) - place(b))
    .map((field) => ({ field, dialogs: dialogs.filter((dialog) => dialog.field === field) }))
}

export function isDeskField(field: string): field is DeskField {
  return (DESK_FIELDS as readonly string[]).includes(field)
}
