import { expect, test } from 'vitest'
import type { JobQuestion } from '../../../../shared/jobs-protocol.ts'
import { FUNCTION_NAMES, functionSpec } from '../../../../shared/functions.ts'
import { createMemoryHost } from '../../../../shared/pane/memory-host.ts'
import { createPreview } from '../../../../shared/pane/wizard/preview.ts'
import { readValues } from '../../../../shared/pane/wizard/read-values.ts'
import type { Question } from '../../../../shared/protocol.ts'
import { createFakeClock } from '../../../excel-addin/fake-clock.ts'

function open() {
  const clock = createFakeClock()
  const asked: Question[] = []
  const estimated: JobQuestion[] = []
  const live = createPreview({
    clock,
    api: {
      async answers(questions) {
        asked.push(...questions)
        return { answers: questions.map(({ id }) => ({ id, value: 'x', points: 0 })), points: { balance: 1, held: 0 } }
      },
      async estimate(questions) {
        estimated.push(...questions)
        return { error: { code: 'TC-520', message: '', retryable: true } }
      },
    },
  })
  return { clock, asked, estimated, live }
}

test('only answers that cost nothing are asked for, whatever the options say', async () => {
  const { clock, asked, live } = open()
  for (const fn of FUNCTION_NAMES) {
    live.show({ fn, args: ['mug'], options: 'fresh=1;provider=jiayou;min=0.6' })
    await clock.advance(1000)
  }
  const free = new Set(['account', 'text'])
  for (const { fn, args } of asked) {
    const { askedOf } = functionSpec(fn as (typeof FUNCTION_NAMES)[number])
    if (!free.has(askedOf)) expect(args.at(-1)).toBe('min=0.6;provider=embedded')
  }
  const never = ['HSEXAMPLES', 'HSDETAIL', 'HSHAZARD', 'HSPORT', 'HSCIQ', 'HSTRADE', 'HSIMAGE', 'HSEXPERT']
  expect(asked.map(({ fn }) => fn).filter((fn) => never.includes(fn))).toEqual([])
})

test('what is typed fast is asked once, when it is at rest', async () => {
  const { clock, asked, live } = open()
  for (const text of ['m', 'mu', 'mug']) {
    live.show({ fn: 'HSCODE', args: [text], options: '' })
    await clock.advance(100)
  }
  await clock.advance(1000)
  expect(asked.map(({ args }) => args)).toEqual([['mug', null, 'provider=embedded']])
  expect(live.preview.get()).toMatchObject({ isAsking: false, answer: { value: 'x' } })
})

test('a closed preview asks nothing any more', async () => {
  const { clock, asked, live } = open()
  live.show({ fn: 'HSCODE', args: ['mug'], options: '' })
  live.close()
  await clock.advance(1000)
  expect(asked).toEqual([])
})

test('cells are read where they stand, and what would have to be calculated is not guessed', async () => {
  const host = createMemoryHost([{ name: 'S', rows: [['Goods'], ['mug']] }])
  const sheets = new Map([['S', 'S']])
  const read = (description: string) =>
    readValues(host, { fn: 'HSCODE', given: { description }, options: {} }, 'S', sheets)
  expect(await read('S!A2:A9')).toEqual(['mug', null])
  expect(await read('=A2&"x"')).toBeNull()
  expect(await read('Other!A2')).toBeNull()
})
