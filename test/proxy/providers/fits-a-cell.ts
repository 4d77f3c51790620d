/** What every reply of every provider must be, before anybody shows it. */
import { expect } from 'vitest'
import type { Candidate, Inquiry, Reply } from '../../../proxy/providers/provider.ts'
import { FAILURES, isFailure } from '../../../shared/error-codes.ts'
import type { FunctionName } from '../../../shared/functions.ts'
import type { Cell } from '../../../shared/protocol.ts'

/** Columns of a table that hold a code, or nothing. */
const CODE_COLUMNS: Partial<Record<FunctionName, number>> = { HSSEARCH: 0, HSCIQ: 0, HSHAZARD: 3, HSRATES: 3 }

// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/
const MARKUP = /<[a-z/!?]/i
const FORMULA = /^\s*[=+\-@]/

export function expectFits(inquiry: Inquiry, reply: Reply): void {
  // One look at all that is wrong: an assertion a cell takes longer than everything else here.
  expect(problemsOf(inquiry, reply)).toEqual([])
}

function problemsOf(inquiry: Inquiry, reply: Reply): string[] {
  if (isFailure(reply)) {
    const details = Object.values(reply.details).filter((detail) => typeof detail === 'string')
    return [...(reply.failed in FAILURES ? [] : [`failure ${reply.failed}`]), ...details.flatMap(problemsOfText)]
  }
  const codes = codesIn(inquiry, reply)
    .filter((code) => typeof code !== 'string' || !/^\d{4,13}$/.test(code))
    .map((code) => `code ${JSON.stringify(code)}`)
  switch (reply.kind) {
    case 'value':
      return [...codes, ...problemsOfCell(reply.value)]
    case 'table':
      return [...codes, ...(reply.table.length > 0 ? [] : ['no rows']), ...reply.table.flat().flatMap(problemsOfCell)]
    case 'classification': {
      const scores = [...reply.candidates, ...reply.headings]
        .filter(({ score }) => score !== null && !(score >= 0 && score <= 1))
        .map(({ score }) => `score ${score}`)
      const many = reply.candidates.length <= 10 ? [] : [`${reply.candidates.length} candidates`]
      return [...codes, ...scores, ...many, ...reply.words.flatMap(problemsOfText)]
    }
  }
}

/** Every code a reply names, blank ones aside. */
export function codesIn(inquiry: Inquiry, reply: Reply): Cell[] {
  if (isFailure(reply)) return []
  const codeOf = ({ code }: Candidate): string => code
  if (reply.kind === 'classification') {
    return [...reply.candidates.map(codeOf), ...reply.headings.map(codeOf), ...reply.lines.first]
  }
  if (inquiry.kind === 'classify') return []
  const { ask } = inquiry
  if (reply.kind === 'value') {
    return ask.fn === 'HSFIX' || (ask.fn === 'HSEXPERT' && ask.field === 'code') ? [reply.value] : []
  }
  const column = CODE_COLUMNS[ask.fn]
  return column === undefined ? [] : reply.table.map((row) => row[column]!).filter((code) => code !== '')
}

function problemsOfCell(value: unknown): string[] {
  if (typeof value === 'string') return problemsOfText(value)
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value) && value >= 0)) return []
  return [`cell ${JSON.stringify(value)}`]
}

function problemsOfText(text: string): string[] {
  const problems = [
    CONTROL.test(text) && 'control characters',
    MARKUP.test(text) && 'mark-up',
    FORMULA.test(text) && !Number.isFinite(Number(text)) && 'a formula',
    text.length > 501 && 'too long',
    (text.includes('[object') || text === 'Infinity') && 'no text',
  ].filter((problem) => problem !== false)
  return problems.map((problem) => `${problem}: ${JSON.stringify(text.slice(0, 80))}`)
}
