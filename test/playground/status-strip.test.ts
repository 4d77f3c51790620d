import { expect, test } from 'vitest'
import { failure, sentence } from '../../shared/error-codes.ts'
import { BUSY } from '../../proxy/playground/function-host.ts'
import type { SelectedCell } from '../../proxy/playground/spreadsheet.ts'
import { stripLine } from '../../proxy/playground/status-strip.ts'

const cell = (text: string, formula = '=HSCODE(A7)'): SelectedCell => ({
  place: { sheetId: 'sheet', row: 6, column: 1 },
  address: 'B7',
  text,
  formula,
})
const failed = (name: Parameters<typeof failure>[0]) => ({ shown: '#N/A', message: sentence(failure(name)) })

test('a failed cell shows its address and its sentence', () => {
  const line = stripLine('en', cell('#N/A'), failed('too-vague'))
  expect(line).toEqual({ kind: 'failure', text: `B7: ${sentence(failure('too-vague'))}`, remedy: null })
})

test('what asking again can mend has a button for it, what needs a code has one for that', () => {
  expect(stripLine('en', cell('#N/A'), failed('proxy-unreachable')).remedy).toBe('tryAgain')
  expect(stripLine('en', cell('#N/A'), failed('not-connected')).remedy).toBe('connect')
})

test('a word that is no function and no name is said to be none, and how a text is written', () => {
  const unquoted = cell('#NAME?', '=HSCODE(A7,US)')
  expect(stripLine('en', unquoted, null)).toEqual({
    kind: 'failure',
    text: 'B7: No such function or name. Texts stand in quotes: "US".',
    remedy: null,
  })
  expect(stripLine('zh', unquoted, null).text).toBe('B7: 没有这个函数或名称。文本要加引号："US"。')
  expect(stripLine('fr', unquoted, null).text).toMatch(/^B7: Cette fonction ou ce nom n’existe pas\. .* "US"\.$/)
})

test('a cell that caught its failure is no failure', () => {
  expect(stripLine('en', cell('ask a person', '=IFERROR(HSCODE(A7),"ask a person")'), failed('too-vague')).kind).toBe(
    'help',
  )
})

test('a waiting cell says so, in the language of the page', () => {
  expect(stripLine('en', cell(BUSY), null).kind).toBe('busy')
  expect(stripLine('fr', cell(BUSY), null).text).not.toBe(stripLine('en', cell(BUSY), null).text)
})

test('a formula shows what its function takes, any other cell what to type', () => {
  expect(stripLine('en', cell('6109', '=hscode(A7)'), null).text).toContain('HSCODE(description, [country], [options])')
  expect(stripLine('en', cell('3', '=SUM(A1:A2)'), null).kind).toBe('hint')
  expect(stripLine('en', null, null).kind).toBe('hint')
})
