/** The likely codes of a row as a person chooses among them. */
import type { Candidate, Classified } from '../bulk/classified.ts'

/** As many as there are keys for. */
export const CANDIDATES_SHOWN = 3

export function candidatesOf({ candidates }: Pick<Classified, 'candidates'>): Candidate[] {
  return candidates.slice(0, CANDIDATES_SHOWN)
}
