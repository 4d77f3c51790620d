import { expect, test } from 'vitest'
import { afterMove, asCopied, type Move } from './move-references.ts'

const rows = (at: number, count: number): Move => ({ axis: 'row', at, count })
const moved = (formula: string, move: Move): string => afterMove(formula, 'Goods', 'Goods', move)

test('a formula goes on naming the cells it named, wherever rows came in or went', () => {
  expect(moved('=F(A2:A5,$B$3,"A9")', rows(2, 2))).toBe('=F(A2:A7,$B$5,"A9")')
  expect(moved('=F(A2,A4)', rows(2, 1))).toBe('=F(A2,A5)')
  expect(moved('=F(A2:A5,A9)', rows(3, -1))).toBe('=F(A2:A4,A8)')
  expect(moved('=F(A2:A5)', rows(0, -3))).toBe('=F(A1:A2)')
  expect(moved('=F(A2)+G(A3:A4)', rows(1, -3))).toBe('=F(#REF!)+G(#REF!)')
  expect(moved('=F(A2,$C9)', { axis: 'column', at: 1, count: 1 })).toBe('=F(A2,$D9)')
})

test('only what is of the changed sheet moves, and no name is taken for a cell', () => {
  expect(afterMove("=F(A2,Goods!A2,'Q1 goods'!A2)", 'Rates', 'Goods', rows(0, 1))).toBe("=F(A2,Goods!A3,'Q1 goods'!A2)")
  expect(moved('=LOG10(A2)+X_A2(A2)', rows(0, 1))).toBe('=LOG10(A3)+X_A2(A3)')
})

test('copied to another row a formula names the cells beside it there, and those it holds fast', () => {
  expect(asCopied('=F(A2:B4,$D$1,E$1)', 3)).toBe('=F(A5:B7,$D$1,E$1)')
})
