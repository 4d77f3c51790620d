import { expect, test } from 'vitest'
import { isErrorOf, isErrorShown, kindOfError } from '../../../../shared/pane/errors/shown-error.ts'

/** As spreadsheet programs name their errors. */
const NAMES: Record<string, { unknownName: string; reference: string; others: string[] }> = {
  English: {
    unknownName: '#NAME?',
    reference: '#REF!',
    others: ['#VALUE!', '#N/A', '#NUM!', '#DIV/0!', '#ERROR!', '#NULL!'],
  },
  French: {
    unknownName: '#NOM?',
    reference: '#REF!',
    others: ['#VALEUR!', '#N/A', '#NOMBRE!', '#DIV/0!', '#ERREUR!', '#NUL!'],
  },
  German: { unknownName: '#NAME?', reference: '#BEZUG!', others: ['#WERT!', '#NV', '#ZAHL!', '#DIV/0!', '#FEHLER!'] },
  Spanish: {
    unknownName: '#¿NOMBRE?',
    reference: '#¡REF!',
    others: ['#¡VALOR!', '#N/D', '#¡NUM!', '#¡DIV/0!', '#¡ERROR!'],
  },
  Italian: { unknownName: '#NOME?', reference: '#RIF!', others: ['#VALORE!', '#N/D', '#NUM!', '#DIV/0!', '#NULLO!'] },
  Portuguese: { unknownName: '#NOME?', reference: '#REF!', others: ['#VALOR!', '#N/D', '#N/DISP', '#NÚM!', '#ERRO!'] },
  Russian: {
    unknownName: '#ИМЯ?',
    reference: '#ССЫЛКА!',
    others: ['#ЗНАЧ!', '#Н/Д', '#ЧИСЛО!', '#ДЕЛ/0!', '#ОШИБКА!'],
  },
  Polish: { unknownName: '#NAZWA?', reference: '#ADR!', others: ['#ARG!', '#N/D!', '#LICZBA!', '#DZIEL/0!', '#BŁĄD!'] },
  Dutch: { unknownName: '#NAAM?', reference: '#VERW!', others: ['#WAARDE!', '#N/B', '#GETAL!', '#DEEL/0!'] },
}

test.each(Object.entries(NAMES))('errors are errors in %s, and what is wrong is told apart', (_, names) => {
  for (const shown of [names.unknownName, names.reference, ...names.others]) {
    expect([shown, isErrorShown(shown)]).toEqual([shown, true])
    expect(isErrorOf('=HSCODE(A2)', shown)).toBe(true)
  }
  expect(kindOfError(names.unknownName)).toBe('unknown-name')
  expect(kindOfError(names.reference)).toBe('reference')
  expect(names.others.map(kindOfError)).toEqual(names.others.map(() => 'other'))
})

test('French names may have a space before the mark, and ours are ours in every language', () => {
  for (const shown of ['#NOM ?', '#NOM\u00a0?', '#REF\u202f!', '#PENDING', '#TC-105 30 is a number.'])
    expect(isErrorShown(shown)).toBe(true)
  expect([kindOfError('#PENDING'), kindOfError('#NOM\u00a0?')]).toEqual(['pending', 'unknown-name'])
})

test('an error whose name nobody wrote down is one behind a formula of ours, and a text anywhere else', () => {
  for (const shown of ['#PUUTTUU', '#缺失', '#エラー', '#خطأ']) {
    expect(isErrorOf('=IF(B2>0,HSCODE(A2),"")', shown)).toBe(true)
    expect(isErrorShown(shown)).toBe(false)
    expect(isErrorOf('=UPPER(A2)', shown)).toBe(false)
  }
})

test('goods and answers that begin with # are no errors', () => {
  for (const text of ['#10 screws', '#PENDING orders', '# TC-402', 'TC-402', '#REF', '#AC/DC', '#Sale!', '#610910', ''])
    expect([text, isErrorShown(text)]).toEqual([text, false])
  expect(isErrorOf('="#HS "&HSCODE(A2)', '#HS 610910')).toBe(false)
  expect(isErrorOf('="#"&HSCODE(A2)', '#610910')).toBe(false)
})
