/** Our built bundle in Microsoft's own runtime, against a proxy on this machine. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WATCHDOG_MS } from '../../excel-addin/batcher.ts'
import { connectionEntry } from '../../excel-addin/session.ts'
import { FUNCTION_NAMES } from '../../shared/functions.ts'
import { openExcel, type Call, type ExcelRuntime, type SpilledError } from '../hosts/excel-runtime.ts'
import {
  answerAll,
  answerOf,
  codeFor,
  sendJson,
  sendLines,
  startFakeProxy,
  writeLines,
  type FakeProxy,
  type Respond,
} from './fake-proxy.ts'

let proxy: FakeProxy | null = null

async function openWith(respond?: Respond, token?: string | null): Promise<ExcelRuntime> {
  proxy = await startFakeProxy(respond)
  return await openExcel({ baseUrl: proxy.baseUrl, ...(token === undefined ? {} : { token }) })
}

afterEach(async () => {
  await proxy?.close()
  proxy = null
})

const inputError = { code: 'TC-107', message: 'TC-107 Unknown country "XX".', retryable: false }
const noAnswer = { code: 'TC-201', message: 'TC-201 Too vague: name the material.', retryable: false }
const noPoints = {
  code: 'TC-402',
  message: 'TC-402 No points left: recharge in the Tariffcell pane, or ask whoever runs the proxy.',
  retryable: true,
}

describe('what Excel shows', () => {
  it('every function of the catalogue is associated when the script has run', async () => {
    const excel = await openWith()
    expect(excel.run('Object.keys(CustomFunctions._association.mappings).sort().join()')).toBe(
      [...FUNCTION_NAMES].sort().join(),
    )
  })

  it('a code is text and keeps its leading zero; a rate is a number', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { value: question.fn === 'HSRATE' ? 0.18 : '0101.21' })),
      ),
    )
    expect(await excel.invoke('HSCODE', [[['live horse']]])).toEqual({ kind: 'value', value: [['0101.21']] })
    expect(await excel.invoke('HSRATE', [[['610910']], [['CA']]])).toEqual({ kind: 'value', value: [[0.18]] })
  })

  it('bad input is #VALUE! with its sentence', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { error: inputError })),
      ),
    )
    expect(await excel.invoke('HSCODE', [[['shirt']], [['XX']]])).toEqual({
      kind: 'error',
      code: '#VALUE!',
      message: inputError.message,
    })
  })

  it('no answer is #N/A with its sentence', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { error: noAnswer })),
      ),
    )
    expect(await excel.invoke('HSCODE', [[['parts']]])).toEqual({
      kind: 'error',
      code: '#N/A',
      message: noAnswer.message,
    })
  })

  it('an error inside a spill stands in its place and leaves its neighbours alone', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) =>
          question.args[0] === 'parts' ? answerOf(question, { error: noAnswer }) : answerOf(question),
        ),
      ),
    )
    const shown = await excel.invoke('HSCODE', [[['shirt'], ['parts'], ['mouse']]])
    expect(shown).toMatchObject({
      kind: 'value',
      value: [[codeFor('shirt')], [{ type: 'Error', basicValue: '#N/A' }], [codeFor('mouse')]],
    })
    const value = (shown as { value: SpilledError[][] }).value
    expect(value[1]![0]!.message).toBe(noAnswer.message)
  })

  it('a range of 2 × 3 cells spreads into a table of 2 × 3 answers, in one request', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { value: question.args.join('/') })),
      ),
    )
    expect(await excel.invoke('HSRATE', [[['0101'], ['0202']], [['CA', 'US', 'JP']]])).toEqual({
      kind: 'value',
      value: [
        ['0101/CA', '0101/US', '0101/JP'],
        ['0202/CA', '0202/US', '0202/JP'],
      ],
    })
    expect(proxy!.batches).toHaveLength(1)
  })

  it('a table spills, and text that would run as a formula arrives harmless', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { table: [['010121', '=cmd|x', -1]] })),
      ),
    )
    expect(await excel.invoke('HSCHILDREN', [[['0101']]])).toEqual({
      kind: 'value',
      value: [['010121', "'=cmd|x", -1]],
    })
  })

  it('blank cells come back empty without a request', async () => {
    const excel = await openWith()
    for (const blank of [null, '', '   ', 0]) {
      expect(await excel.invoke('HSCODE', [[[blank]]])).toEqual({ kind: 'value', value: [['']] })
    }
    expect(await excel.invoke('HSCODE', [[['shirt'], [null]]])).toEqual({
      kind: 'value',
      value: [[codeFor('shirt')], ['']],
    })
    expect(proxy!.batches.flatMap((batch) => batch.questions)).toHaveLength(1)
  })

  it('a function without arguments answers, with or without an invocation object that can be cancelled', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { value: 4321 })),
      ),
    )
    for (const cancelable of [true, false]) {
      expect(await excel.invoke('HSPOINTS', [], { cancelable })).toEqual({ kind: 'value', value: [[4321]] })
    }
  })

  it('a seat that is not connected is told so without a request', async () => {
    const excel = await openWith(answerAll, null)
    const shown = await excel.invoke('HSCODE', [[['shirt']]])
    expect(shown).toMatchObject({ kind: 'error', code: '#N/A' })
    expect((shown as { message: string }).message).toMatch(/^TC-401 /)
    expect(proxy!.batches).toHaveLength(0)
  })
})

describe('HSPOINTS streams', () => {
  const shows = (value: unknown) => ({ kind: 'value', value: [[value]] })
  async function openCounting() {
    let balance = 100
    const excel = await openWith(({ questions }, response) => {
      const cost = questions.filter(({ fn }) => fn === 'HSCODE').length
      balance -= cost
      const answers = questions.map((question) =>
        question.fn === 'HSPOINTS' ? answerOf(question, { value: balance }) : answerOf(question),
      )
      writeLines(response, [...answers, { done: true, points: { balance, held: 0, spent: cost } }])
      response.end()
    })
    return { excel, recharge: (points: number) => (balance += points) }
  }

  it('the balance comes once, and again after each batch that changed it, without a question of its own', async () => {
    const { excel } = await openCounting()
    const { results } = excel.stream({ name: 'HSPOINTS', args: [] })
    await expect.poll(() => results).toEqual([shows(100)])
    await excel.invoke('HSCODE', [[['shirt'], ['mouse']]])
    await expect.poll(() => results).toEqual([shows(100), shows(98)])
    await excel.invoke('HSRATE', [[['610910']], [['CA']]])
    const asked = proxy!.batches.flatMap(({ questions }) => questions.map(({ fn }) => fn))
    expect(asked.filter((fn) => fn === 'HSPOINTS')).toHaveLength(1)
  })

  it('what the pane was told after a recharge comes too, and nothing that changes nothing', async () => {
    const { excel } = await openCounting()
    const { results } = excel.stream({ name: 'HSPOINTS', args: [] })
    await expect.poll(() => results).toEqual([shows(100)])
    excel.addin.tellPoints({ balance: 100 })
    excel.addin.tellPoints({ balance: 600 })
    await expect.poll(() => results).toEqual([shows(100), shows(600)])
  })

  it('a seat that connects later is shown its balance in the place of the error', async () => {
    const { excel } = await openCounting()
    excel.run('localStorage.removeItem("tariffcell.connection")')
    const { results } = excel.stream({ name: 'HSPOINTS', args: [] })
    await expect.poll(() => results).toHaveLength(1)
    expect(results[0]).toMatchObject({ value: { type: 'Error', basicValue: '#N/A' } })
    const [key, value] = connectionEntry({ baseUrl: proxy!.baseUrl, token: 'seat-token' })
    excel.run(`localStorage.setItem(${JSON.stringify(key)}, ${JSON.stringify(value)})`)
    excel.addin.session.setLanguage('en')
    await expect.poll(() => results.at(-1)).toEqual(shows(100))
  })

  it('a formula that is gone is pushed nothing more', async () => {
    const { excel } = await openCounting()
    const gone = excel.stream({ name: 'HSPOINTS', args: [] })
    const stays = excel.stream({ name: 'HSPOINTS', args: [] })
    await expect.poll(() => gone.results).toHaveLength(1)
    excel.cancel(gone.id)
    excel.addin.tellPoints({ balance: 7 })
    await expect.poll(() => stays.results.at(-1)).toEqual(shows(7))
    expect(gone.results).toEqual([shows(100)])
  })

  it('a host that takes one result is answered once, as by any other function', async () => {
    const { excel } = await openCounting()
    expect(await excel.invoke('HSPOINTS', [])).toEqual(shows(100))
    expect(await excel.addin.functions.HSPOINTS()).toEqual([[100]])
  })
})

describe('what Microsoft’s runtime does, as we rely on it', () => {
  it('it drops the text of an error that is not of its own class', async () => {
    const excel = await openWith()
    excel.run('CustomFunctions.associate("PLAIN", () => Promise.reject(new Error("lost")))')
    expect(await excel.invoke('PLAIN', [])).toEqual({ kind: 'error', code: '#VALUE!', message: '' })
  })

  it('a function that is not associated is an error without a sentence', async () => {
    const excel = await openWith()
    expect(await excel.invoke('NOWHERE', [])).toMatchObject({ kind: 'error', message: '' })
  })

  it('results that are ready together travel together', async () => {
    const excel = await openWith()
    const calls = Array.from({ length: 30 }, (_, at): Call => ({ name: 'HSCODE', args: [[[`product ${at}`]]] }))
    await Promise.all(excel.burst(calls))
    expect(excel.resultMessages).toBe(1)
  })
})

describe('the wire', () => {
  it('carries the token in a header, asks for lines, and names the language', async () => {
    const excel = await openWith()
    await excel.invoke('HSCODE', [[['shirt']]])
    expect(proxy!.headers[0]).toMatchObject({ authorization: 'Bearer seat-token', accept: 'application/x-ndjson' })
    expect(proxy!.batches[0]).toMatchObject({ lang: 'en', questions: [{ fn: 'HSCODE', args: ['shirt'] }] })
    expect(proxy!.batches[0]!.requestId).toMatch(/^\w+$/)
  })

  it('a burst of 500 cells with 120 different texts takes 3 requests, and every value is right', async () => {
    const excel = await openWith()
    const texts = Array.from({ length: 500 }, (_, at) => `product ${at % 120}`)
    const calls = texts.map((text): Call => ({ name: 'HSCODE', args: [[[text]]] }))
    const shown = await Promise.all(excel.burst(calls))
    expect(shown).toEqual(texts.map((text) => ({ kind: 'value', value: [[codeFor(text)]] })))
    expect(proxy!.batches).toHaveLength(3)
    expect(proxy!.batches.map((batch) => batch.questions.length)).toEqual([50, 50, 20])
  })

  it('a recalculation of known cells asks nothing', async () => {
    const excel = await openWith()
    const calls = Array.from({ length: 20 }, (_, at): Call => ({ name: 'HSCODE', args: [[[`product ${at}`]]] }))
    await Promise.all(excel.burst(calls))
    const before = proxy!.batches.length
    await Promise.all(excel.burst(calls))
    expect(proxy!.batches).toHaveLength(before)
  })

  it('a cancelled cell settles, and its answer is remembered for the next', async () => {
    let release!: () => void
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const excel = await openWith(async (request, response, batch) => {
      await held
      return answerAll(request, response, batch)
    })
    const { id, shown } = excel.start({ name: 'HSCODE', args: [[['shirt']]] })
    await expect.poll(() => proxy!.batches.length).toBe(1)
    excel.cancel(id)
    expect(await shown).toMatchObject({ kind: 'error', code: '#N/A' })
    release()
    await expect.poll(() => excel.addin.batcher.rememberedCount).toBe(1)
    expect(await excel.invoke('HSCODE', [[['shirt']]])).toEqual({ kind: 'value', value: [[codeFor('shirt')]] })
    expect(proxy!.batches).toHaveLength(1)
  })

  it('when points run out, one banner is shown, later cells say why, and nothing is sent until resumed', async () => {
    let hasPoints = true
    const excel = await openWith((request, response, batch) => {
      if (hasPoints) return answerAll(request, response, batch)
      sendJson(response, 402, { error: noPoints })
    })
    const banners: string[] = []
    excel.addin.onStopped((error) => banners.push(error.code))
    const column = (from: number, to: number): Call[] =>
      Array.from({ length: to - from }, (_, at): Call => ({ name: 'HSCODE', args: [[[`product ${from + at}`]]] }))

    expect((await Promise.all(excel.burst(column(0, 50)))).every(({ kind }) => kind === 'value')).toBe(true)
    hasPoints = false
    const refused = { kind: 'error', code: '#N/A', message: noPoints.message }
    const shown = await Promise.all(excel.burst(column(50, 450)))
    expect(shown).toEqual(Array.from({ length: 400 }, () => refused))
    const sent = proxy!.batches.length
    expect(sent).toBeLessThanOrEqual(1 + 4)
    expect(await excel.invoke('HSCODE', [[['another']]])).toEqual(refused)
    expect(proxy!.batches).toHaveLength(sent)
    expect(banners).toEqual(['TC-402'])

    hasPoints = true
    excel.addin.batcher.resume()
    expect(await excel.invoke('HSCODE', [[['another']]])).toEqual({ kind: 'value', value: [[codeFor('another')]] })
  })

  it('a proxy that hangs leaves no cell at #BUSY! after 50 s', async () => {
    vi.useFakeTimers()
    try {
      const excel = await openExcel({ baseUrl: 'http://proxy.example', fetch: () => new Promise(() => undefined) })
      const calls = Array.from({ length: 300 }, (_, at): Call => ({ name: 'HSCODE', args: [[[`product ${at}`]]] }))
      const shown = Promise.all(excel.burst(calls))
      await vi.advanceTimersByTimeAsync(WATCHDOG_MS + 5000)
      for (const one of await shown) expect(one).toMatchObject({ kind: 'error', code: '#N/A', message: /^TC-521 / })
    } finally {
      vi.useRealTimers()
    }
  })

  it('a connection that breaks is tried again, and the cells fill', async () => {
    const excel = await openWith((request, response, batch) => {
      if (batch > 1) return answerAll(request, response, batch)
      response.destroy()
    })
    expect(await excel.invoke('HSCODE', [[['shirt']]])).toEqual({ kind: 'value', value: [[codeFor('shirt')]] })
    expect(proxy!.batches).toHaveLength(2)
  })

  it('the pane lists what failed, newest first, a column of equal failures in one line', async () => {
    const excel = await openWith(({ questions }, response) =>
      sendLines(
        response,
        questions.map((question) => answerOf(question, { error: question.fn === 'HSRATE' ? inputError : noAnswer })),
      ),
    )
    await excel.invoke('HSCODE', [[['parts'], ['gift'], ['set']]])
    await excel.invoke('HSRATE', [[['0101']], [['XX']]], { address: 'Sheet1!C7' })
    expect(excel.addin.recentErrors()).toMatchObject([
      { fn: 'HSRATE', code: 'TC-107', address: 'Sheet1!C7', times: 1 },
      { fn: 'HSCODE', code: 'TC-201', times: 3 },
    ])
  })
})
