/** When what is left is so little that a person should know before a column stops half way. */
import type { Points } from '../create-pane.ts'

/** `empty`: nothing can be bought. `cap-reached`: this seat may buy no more today. */
export type PointsWarning = 'empty' | 'cap-reached' | 'low' | 'cap-low' | null

// A page of rows; a run of a whole sheet says by itself that it needs more.
const LOW_POINTS = 50
const LOW_CAP_SHARE = 0.1

export function warningOf({ balance, capLeft, dailyCap }: Points): PointsWarning {
  if (balance <= 0) return 'empty'
  if (capLeft === 0) return 'cap-reached'
  if (balance < LOW_POINTS) return 'low'
  if (capLeft !== null && dailyCap !== null && capLeft < dailyCap * LOW_CAP_SHARE) return 'cap-low'
  return null
}
