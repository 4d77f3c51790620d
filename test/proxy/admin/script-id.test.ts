import { expect, test } from 'vitest'
import { readScriptId } from '../../../proxy/admin/script-id.ts'

const SCRIPT = `1${'aB3_-'.repeat(11)}x`

test.each([
  SCRIPT,
  ` ${SCRIPT}\n`,
  `https://script.google.com/home/projects/${SCRIPT}/edit`,
  `https://script.google.com/home/projects/${SCRIPT}`,
  `https://script.google.com/home/projects/${SCRIPT}/settings?pli=1#a`,
  `https://script.google.com/u/1/home/projects/${SCRIPT}/edit`,
  `https://script.google.com/d/${SCRIPT}/edit`,
  `https://script.google.com/d/${SCRIPT}/edit?usp=drive_web`,
  `https://script.google.com/a/macros/example.com/d/${SCRIPT}/edit`,
  `script.google.com/home/projects/${SCRIPT}/edit`,
])('%j is understood', (pasted) => {
  expect(readScriptId(pasted)).toBe(SCRIPT)
})

test.each([
  [`https://docs.google.com/spreadsheets/d/1${'x'.repeat(43)}/edit#gid=0`, 'leads to a spreadsheet'],
  [`1${'x'.repeat(43)}`, 'leads to a spreadsheet'],
  [`AKfycb${'x'.repeat(60)}`, 'is the id of a deployment'],
  [`https://script.google.com/macros/s/AKfycb${'x'.repeat(60)}/exec`, 'is the id of a deployment'],
  ['https://script.google.com/home/projects/1/edit', 'is not the id of an Apps Script project'],
  ['https://script.google.com/home', 'is not the id of an Apps Script project'],
  [`https://example.com/home/projects/${SCRIPT}/edit`, 'is not the id of an Apps Script project'],
  ['Tariffcell', 'is not the id of an Apps Script project'],
])('%j is refused: it says what that is, and what to paste', (pasted, is) => {
  expect(() => readScriptId(pasted)).toThrow(
    new RegExp(`^TC-630 ".*" ${is}.*Paste the Script ID .*Project Settings > Script ID.*as your browser shows it`),
  )
})
