import { expect, test } from 'vitest'
import type { Classified } from '../../../../shared/pane/bulk/classified.ts'
import { receiptCsv, receiptOf } from '../../../../shared/pane/bulk/receipt.ts'
import { BULK_WORDS } from '../../../../shared/pane/bulk/words.ts'
import { reviewReasons } from '../../../../shared/pane/bulk/review-reasons.ts'

const SURE = { error: null, confidence: 0.95, agreement: 6 as const }
const failed = (code: string) => ({ code, message: `${code} Something.`, retryable: false })

test.each([
  ['a sure code on which both agree is left in peace', SURE, ['18%', 'Free'], []],
  ['a failure', { ...SURE, error: failed('TC-503') }, [], ['failed']],
  ['a description that does not decide', { ...SURE, error: failed('TC-201') }, [], ['vague']],
  ['a code too uncertain to be shown', { ...SURE, error: failed('TC-202') }, [], ['not-certain']],
  ['a code not certain as deep as was asked', { ...SURE, error: failed('TC-203') }, [], ['not-certain']],
  ['a second opinion in another heading', { ...SURE, agreement: 2 as const }, [], ['disagreement']],
  ['a code likelier wrong than a person would like', { ...SURE, confidence: 0.59 }, [], ['low-confidence']],
  [
    'rivals that cost something else, where it is not sure',
    { ...SURE, confidence: 0.8 },
    ['18%', 'Free'],
    ['rate-differs'],
  ],
  ['rivals that cost the same', { ...SURE, confidence: 0.8 }, ['18%', '18%', ''], []],
  [
    'nobody says how sure it is, and rivals cost something else',
    { ...SURE, confidence: null },
    ['18%', '2%'],
    ['rate-differs'],
  ],
])('%s', (_, judged, rates, reasons) => {
  expect(reviewReasons(judged, rates)).toEqual(reasons)
})

const ROW: Classified = {
  n: 0,
  description: '＝HYPERLINK("http://evil","shirt")',
  facts: {},
  country: 'CA',
  value: null,
  code: '0304810000',
  label: '@label, with "quotes"',
  error: null,
  confidence: 0.9,
  agreement: 6,
  candidates: [],
  mfn: 0.02,
  mfnText: '2%',
  best: { treatment: 'UST', rate: 0 },
  source: { provider: 'jiayou', edition: 'T2026-0', cached: false, at: '' },
  points: 1,
  reviews: ['low-confidence'],
  writing: 'written',
  decision: null,
}
const FACTS = {
  title: 'Products!B2:B3',
  startedAt: 0,
  endedAt: 5000,
  isStopped: false,
  error: null,
  blanks: 1,
  keptRows: 0,
  spent: 1,
  balanceBefore: 10,
  balanceAfter: 9,
}

test('the receipt counts each row by what became of it', () => {
  const rows: Classified[] = [
    ROW,
    { ...ROW, n: 1, writing: 'moved', reviews: [] },
    { ...ROW, n: 2, code: null, error: failed('TC-503'), reviews: ['failed'], source: null },
    { ...ROW, n: 3, code: null, writing: 'not-yet', reviews: [], source: null },
  ]
  expect(receiptOf(FACTS, rows)).toMatchObject({
    rows: 4,
    classified: 2,
    failed: 1,
    moved: 1,
    notAsked: 1,
    toReview: 2,
    providers: [{ provider: 'jiayou', rows: 2 }],
    editions: ['T2026-0'],
  })
})

test('what was not certain enough is counted apart from what had no answer, with what it cost', () => {
  const uncertain: Classified = { ...ROW, code: null, error: failed('TC-202'), reviews: ['not-certain'] }
  const rows: Classified[] = [
    { ...uncertain, points: 1 },
    // Of equal rows the first bears the points.
    { ...uncertain, n: 1, points: 0 },
    { ...ROW, n: 2, code: null, error: failed('TC-503'), reviews: ['failed'], source: null, points: 0 },
  ]
  expect(receiptOf(FACTS, rows)).toMatchObject({ classified: 0, failed: 1, notCertain: 2, notCertainPoints: 1 })
  expect(BULK_WORDS.en.notCertainRows('2', true)).toBe('2 (paid; Review shows what came)')
  expect(BULK_WORDS.en.notCertainRows('2', false)).toBe('2 (Review shows what came)')
})

test('nothing in the receipt’s file is taken for a formula, and every comma and quote survives', () => {
  const csv = receiptCsv(receiptOf(FACTS, [ROW]), [ROW], 'en')
  const line = csv.split('\r\n').find((one) => one.startsWith('1,'))
  expect(line).toBe(
    `1,"'＝HYPERLINK(""http://evil"",""shirt"")",CA,0304810000,"'@label, with ""quotes""",0.9,6,0.02,UST 0,Low confidence,jiayou,T2026-0,1,yes,`,
  )
})
