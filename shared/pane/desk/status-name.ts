import type { DeskWords } from './words.ts'

/** @param status of the wire; one that is not known here is shown as it is. */
export function statusName(status: string | null, words: DeskWords['status']): string {
  if (status === null) return words.unknown
  return Object.hasOwn(words, status) ? words[status as keyof DeskWords['status']] : status
}
