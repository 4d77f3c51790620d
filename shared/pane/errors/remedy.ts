/** What a person can do about a failed cell with one button. */
import { kindOfCode } from '../../error-codes.ts'
import type { ViewId } from '../view-ids.ts'

/** `correct`: what stands in the cell. `again`: asking again may help. null: the sentence says all there is to say. */
export type Remedy = { kind: 'go'; view: ViewId; name: 'connect' | 'recharge' } | { kind: 'again' | 'correct' } | null

export function remedyOf(code: string): Remedy {
  if (code === 'TC-401') return { kind: 'go', view: 'settings', name: 'connect' }
  if (code === 'TC-402') return { kind: 'go', view: 'points', name: 'recharge' }
  switch (kindOfCode(code)) {
    case 'service':
      return { kind: 'again' }
    case 'input':
      return { kind: 'correct' }
    default:
      return null
  }
}
