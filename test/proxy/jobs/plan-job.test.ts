import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkOf, hashRequest, planJob, QUESTIONS_PER_CHUNK_MAX } from '../../../proxy/jobs/plan-job.ts'
import { readJobQuestions } from '../../../proxy/jobs/read-questions.ts'
import { BLANK, parseAsk } from '../../../shared/ask.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { JOB_ROWS_MAX, type JobQuestion } from '../../../shared/jobs-protocol.ts'
import { rowsOf } from '../../hosts/job-house.ts'

const text = fc.oneof(
  fc.constantFrom('shirt', ' shirt ', 'ｓhirt', 'sock', '', ' ', '=x()', '6109', 'spare parts'),
  fc.string({ maxLength: 6 }),
)
const args = fc.oneof(
  fc.tuple(text),
  fc.tuple(text, fc.constantFrom('CA', 'Canada', 'US', '', null)),
  fc.tuple(text, fc.constant('CA'), fc.constantFrom('min=0;material=wool', 'material=wool; min=0', 'fresh=1', 'bad=1')),
  fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { maxLength: 4 }),
)
const row = fc.record({ fn: fc.constantFrom('HSCODE', 'hscode', 'HSALT', 'HSRATE', 'HSPOINTS', 'NONE'), args })

/** The same question, by the words of the catalogue and not by the plan's. */
function meaning({ fn, args }: Pick<JobQuestion, 'fn' | 'args'>): unknown {
  const ask = parseAsk(fn, args)
  if (ask === BLANK) return null
  return isFailure(ask) || ask.fn === 'HSPOINTS' ? { bad: [fn.toUpperCase(), args] } : ask
}

describe('rows become questions', () => {
  test('each row finds its own question, equal ones the same, blanks none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (given) => {
        const rows = given.map((one, at) => ({ id: `r${at}`, ...one })) as JobQuestion[]
        const plan = await planJob(rows)
        expect(plan.rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
        for (const [at, { question }] of plan.rows.entries()) {
          const meant = meaning(rows[at]!)
          if (question === null) expect(meant).toBeNull()
          else {
            const asked = plan.questions[question]!
            // Bad ones are told apart by their text; what is empty at their end says nothing.
            if (meant !== null && !('bad' in (meant as object))) expect(meaning(asked)).toEqual(meant)
            expect(asked.firstRow).toBeLessThanOrEqual(at)
          }
        }
        for (const [n, { firstRow, rows: count }] of plan.questions.entries()) {
          const own = [...plan.rows.keys()].filter((at) => plan.rows[at]!.question === n)
          expect([own[0], own.length]).toEqual([firstRow, count])
        }
        const meanings = plan.questions.map((one) => JSON.stringify(meaning(one)))
        const good = meanings.filter((one) => !one.startsWith('{"bad"'))
        expect(new Set(good).size).toBe(good.length)
        expect(plan.blanks).toBe(plan.rows.filter(({ question }) => question === null).length)
      }),
      { numRuns: 300 },
    )
  })

  test('chunks hold as many as one call carries', () => {
    expect([0, 499, 500, 999, 1000].map(chunkOf)).toEqual([0, 0, 1, 1, 2])
    expect(QUESTIONS_PER_CHUNK_MAX).toBe(500)
  })

  test('the order of options and the way a country is written make no other question', async () => {
    const plan = await planJob(
      rowsOf([
        ['HSCODE', 'shirt', 'CA', 'min=0;material=wool'],
        ['hscode', '  shirt', 'Canada', 'material=wool; min=0'],
        ['HSCODE', 'shirt', null, 'material=wool;min=0'],
        ['HSALT', 'shirt', null, 'material=wool;min=0'],
        ['HSRATE', 6109, 'CA'],
        ['HSRATE', '6109', 'CA'],
      ]),
    )
    expect(plan.rows.map(({ question }) => question)).toEqual([0, 0, 0, 1, 2, 3])
  })
})

describe('what came', () => {
  test('is the same request only when every row is the same, in the same order', async () => {
    const base = { name: 'a', language: 'en', questions: rowsOf(['x', 'y']) }
    const same = await hashRequest({ ...base, questions: rowsOf(['x', 'y']) })
    expect(await hashRequest(base)).toBe(same)
    for (const other of [
      { ...base, name: 'b' },
      { ...base, language: null },
      { ...base, questions: rowsOf(['y', 'x']) },
      { ...base, questions: rowsOf(['x']) },
      { ...base, questions: rowsOf(['xy', '']) },
    ]) {
      expect(await hashRequest(other)).not.toBe(same)
    }
  })

  test.each([
    ['no object', 5],
    ['a field too much', { id: 'a', fn: 'HSCODE', args: [], extra: 1 }],
    ['an empty id', { id: '', fn: 'HSCODE', args: [] }],
    ['a NUL in the id, which PostgreSQL could not keep', { id: 'a\0', fn: 'HSCODE', args: [] }],
    ['an argument that is no scalar', { id: 'a', fn: 'HSCODE', args: [['secret text']] }],
  ])('with %s is refused, and says where but never what', async (_, bad) => {
    const read = await readJobQuestions([...rowsOf(['x']), bad])
    expect(read).toMatchObject({ failed: 'bad-request' })
    expect(JSON.stringify(read)).toMatch(/questions\.1/)
    expect(JSON.stringify(read)).not.toContain('secret text')
  })

  test('with more rows than a job may have is refused before they are read', async () => {
    expect(await readJobQuestions(Array.from({ length: JOB_ROWS_MAX + 1 }, () => 5))).toMatchObject({
      failed: 'too-many-rows',
      details: { count: JOB_ROWS_MAX + 1, max: JOB_ROWS_MAX },
    })
  })
})
