/**
 * Published rate texts into an algebra, and back: "18 % but not less than 4.52 ¢/kg", "25%＋40円/kg", "Free (AU) 3.2% (KR)".
 * Reading is two steps: duty-rate-notation.ts cuts a text into tokens, duty-rate-grammar.ts builds the tree. Nothing is guessed:
 * a text that is not read to its last character is `unparsed`.
 */
export { compareDutyRates, fractionOf } from './duty-rate-algebra.ts'
export type { DutyRate, PriceLessValue, RateCase, SpecificRate } from './duty-rate-algebra.ts'
export { parseDutyRate } from './duty-rate-grammar.ts'
export { printDutyRate } from './duty-rate-print.ts'
