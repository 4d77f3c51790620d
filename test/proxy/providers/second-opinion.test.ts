import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Classification, Inquiry, Provider, Reply } from '../../../proxy/providers/provider.ts'
import { agreementOf, withSecondOpinion } from '../../../proxy/providers/second-opinion.ts'
import { rootFolder } from '../../../proxy/root-folder.ts'
import { createTariffBook } from '../../../proxy/tariff/book.ts'
import { failure } from '../../../shared/error-codes.ts'
import type { Cell } from '../../../shared/protocol.ts'
import { classification, fakeProvider } from '../../hosts/fake-provider.ts'
import { cell, classify, NOW } from './contract-cases.ts'

const book = createTariffBook({ folders: [join(rootFolder(), 'proxy', 'tariff', 'packs')] })
const KNOWN = new Set(['610910', '611030', '420221'])
const labels = { label: (code: string) => (KNOWN.has(code) ? 'a label' : null) }

interface Said {
  says: Reply
  /** What the classifier in the house says. */
  embedded?: Reply
}

function wrapped({ says, embedded = classification('610910') }: Said): {
  provider: Provider
  embeddedCalls: string[][]
} {
  const own = fakeProvider({ name: 'embedded', inquiriesPerCallMax: 2 })
  own.behave(async (inquiries) => new Map(inquiries.map(({ key }) => [key, embedded])))
  const upstream = fakeProvider({ name: 'hsciq', answers: () => true, edition: () => 'asked 2026-11' })
  upstream.behave(async (inquiries) => new Map(inquiries.map(({ key }) => [key, says])))
  const provider = withSecondOpinion(upstream, { embedded: own, book, labels, now: () => NOW })
  return { provider, embeddedCalls: own.calls }
}

async function checked(inquiry: Inquiry, said: Said): Promise<Reply> {
  const replies = await wrapped(said).provider.ask([inquiry], AbortSignal.timeout(5000))
  return replies.get(inquiry.key)!
}

const only = (code: string): Classification => ({ ...classification(code, null), candidates: [{ code, score: null }] })
const shirt = (country: string): Inquiry => classify('cotton t-shirt', country)

describe('agreement', () => {
  test.each([
    ['6109100011', '610910', 6],
    ['6109100011', '610990', 4],
    ['6109100011', '611030', 2],
    ['6109100011', '392490', 0],
    ['6109', '610910', 4],
    ['61', '6109', 2],
    ['', '', 0],
  ])('of %s and %s is %d digits', (a, b, digits) => {
    expect(agreementOf(a, b)).toBe(digits)
    expect(agreementOf(b, a)).toBe(digits)
  })

  test.each([
    ['610910', 6],
    ['610990', 4],
    ['611030', 2],
    ['392490', 0],
  ])('stands beside the upstream’s code: %s in the house is %d', async (own, agreement) => {
    const reply = await checked(shirt('CA'), { says: only('6109100011'), embedded: classification(own, 0.6) })
    expect(reply).toMatchObject({
      candidates: [{ code: '6109100011', score: null }],
      second: { provider: 'embedded', agreement, words: ['word'], vague: null },
    })
  })

  test('is not known where the house has no opinion', async () => {
    const vague: Classification = { ...classification('610910'), candidates: [], vague: 'what-goods' }
    expect(await checked(shirt('CA'), { says: only('6109100011'), embedded: vague })).toMatchObject({
      second: { agreement: null, vague: 'what-goods' },
    })
    const failed = await checked(shirt('CA'), {
      says: only('6109100011'),
      embedded: failure('provider-failed', { provider: 'embedded' }),
    })
    expect(failed).toMatchObject({ candidates: [{ code: '6109100011' }] })
    expect(failed).not.toHaveProperty('second')
  })
})

describe('a code', () => {
  test('that is a national line comes with the lines beside it', async () => {
    const lines = book.declarableUnder('CA', '610910')
    expect(await checked(shirt('CA'), { says: only('6109100011') })).toMatchObject({
      lines: { count: lines.length, first: lines.slice(0, 4) },
    })
  })

  test('that the tariff does not know is a failure that names those it knows', async () => {
    expect(await checked(shirt('CA'), { says: only('6109100099') })).toEqual(
      failure('upstream-code-unknown', {
        provider: 'hsciq',
        code: '6109100099',
        country: 'CA',
        edition: book.edition('CA', '2026-11-22').edition,
        nearest: expect.stringMatching(/^Below 610910: 6109100011, /) as string,
      }),
    )
    expect(await checked(shirt('CA'), { says: only('9999999999') })).toMatchObject({
      failed: 'upstream-code-unknown',
      details: { nearest: '' },
    })
  })

  test('behind the first that the tariff does not know is left out', async () => {
    const says = {
      ...only('6109100011'),
      candidates: ['6109100011', '6109100099', '6110', 'x'].map((code) => ({ code, score: null })),
    }
    const reply = (await checked(shirt('CA'), { says })) as Classification
    expect(reply.candidates.map(({ code }) => code)).toEqual(['6109100011', '6110'])
  })

  test('of a country without a tariff here needs six digits that exist', async () => {
    expect(await checked(shirt('FR'), { says: only('610910') })).toMatchObject({ lines: { count: 0, first: [] } })
    expect(await checked(shirt('FR'), { says: only('6109100012') })).toMatchObject({
      candidates: [{ code: '6109100012' }],
    })
    expect(await checked(shirt('FR'), { says: only('610999') })).toMatchObject({
      failed: 'upstream-code-unknown',
      details: { code: '610999', country: 'FR', edition: 'HS 2022', nearest: '' },
    })
  })

  test('of thirteen digits is Chinese by its first ten, and in no other country', async () => {
    expect(await checked(shirt('CN'), { says: only('6109100000999') })).toMatchObject({
      candidates: [{ code: '6109100000999' }],
    })
    expect(await checked(shirt('CN'), { says: only('9999999999999') })).toMatchObject({
      failed: 'upstream-code-unknown',
    })
    expect(await checked(shirt('CA'), { says: only('6109100011999') })).toMatchObject({
      failed: 'upstream-code-unknown',
    })
  })

  test('is missing: that is no match', async () => {
    const none = { ...only('610910'), candidates: [] }
    expect(await checked(shirt('CA'), { says: none })).toEqual(failure('no-match', { provider: 'hsciq' }))
  })

  test('that an expert confirmed must be Chinese', async () => {
    const asked = cell('HSEXPERT', 'form-0001', 'code')
    expect(await checked(asked, { says: { kind: 'value', value: '6109100000' } })).toEqual({
      kind: 'value',
      value: '6109100000',
    })
    expect(await checked(asked, { says: { kind: 'value', value: '6109100099' } })).toMatchObject({
      failed: 'upstream-code-unknown',
      details: { country: 'CN' },
    })
    const reason: Reply = { kind: 'value', value: '6109100099' }
    expect(await checked(cell('HSEXPERT', 'form-0001', 'reason'), { says: reason })).toEqual(reason)
  })
})

describe('rows of HSSEARCH', () => {
  const search = cell('HSSEARCH', 'shirt', 'US')
  const table = (...codes: Cell[]): Reply => ({ kind: 'table', table: codes.map((code) => [code, 'name', '16.5%']) })

  test('are those whose code the tariff knows', async () => {
    expect(await checked(search, { says: table('6109100012', '9999999999', '', '6109100004') })).toEqual(
      table('6109100012', '6109100004'),
    )
  })

  test('of which none is known are a failure about the first', async () => {
    expect(await checked(search, { says: table('6109100099', '9999999999') })).toMatchObject({
      failed: 'upstream-code-unknown',
      details: { code: '6109100099', country: 'US' },
    })
  })
})

test('a code beside a listed substance or an inspection item that no tariff has is left blank, and its row stays', async () => {
  const substances: Reply = {
    kind: 'table',
    table: [
      ['acetone', '', '67-64-1', '2914110000', ''],
      ['acetone', '', '67-64-1', '9999999999999', ''],
    ],
  }
  expect(await checked(cell('HSHAZARD', 'acetone'), { says: substances })).toEqual({
    kind: 'table',
    table: [
      ['acetone', '', '67-64-1', '2914110000', ''],
      ['acetone', '', '67-64-1', '', ''],
    ],
  })
  const items: Reply = { kind: 'table', table: [['9999999999', '999', 'bicycle', '']] }
  expect(await checked(cell('HSCIQ', '8712002000'), { says: items })).toEqual({
    kind: 'table',
    table: [['', '999', 'bicycle', '']],
  })
})

test('failures, values and tables of other functions pass as they are', async () => {
  const failed = failure('no-match', { provider: 'hsciq' })
  expect(await checked(shirt('CA'), { says: failed })).toBe(failed)
  const rate: Reply = { kind: 'value', value: 0.06 }
  expect(await checked(cell('HSRATE', '6109100000', 'CN'), { says: rate })).toBe(rate)
  const ports: Reply = { kind: 'table', table: [['CNSHA', 'Shanghai', '', '', '']] }
  expect(await checked(cell('HSPORT', 'Shanghai'), { says: ports })).toBe(ports)
})

test('the house is asked about classifications only, as many at once as it takes', async () => {
  const { provider, embeddedCalls } = wrapped({ says: only('610910') })
  const inquiries = ['a', 'b', 'c'].map((text) => classify(text, 'CA'))
  await provider.ask([...inquiries, cell('HSRATE', '6109100000', 'CN')], AbortSignal.timeout(5000))
  expect(embeddedCalls).toEqual([['a', 'b'], ['c']])
})

test('an edition names the tariff the codes were checked in, where there is one', () => {
  const { provider } = wrapped({ says: only('610910') })
  const { edition } = book.edition('CA', '2026-11-22')
  expect(provider.edition(shirt('CA'))).toBe(`asked 2026-11, checked in ${edition}`)
  expect(provider.edition(shirt('FR'))).toBe('asked 2026-11')
  expect(provider.edition(cell('HSPORT', 'Shanghai'))).toBe('asked 2026-11')
})
