import type { Classified } from '../../../../shared/pane/bulk/classified.ts'

/** A row of a run that waits for a review, with what a test wants otherwise. */
export function classified(n: number, changes: Partial<Classified> = {}): Classified {
  return {
    n,
    description: `goods ${n}`,
    facts: {},
    country: 'CA',
    value: null,
    code: '6109100012',
    label: '',
    error: null,
    confidence: 0.5,
    agreement: 6,
    candidates: [],
    mfn: null,
    mfnText: '',
    best: null,
    source: null,
    points: 0,
    reviews: ['low-confidence'],
    writing: 'written',
    decision: null,
    ...changes,
  }
}
