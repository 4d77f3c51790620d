import { expect, test } from 'vitest'
import type { Pane } from '../../../../shared/pane/create-pane.ts'
import { createMemoryHost } from '../../../../shared/pane/memory-host.ts'
import { observable } from '../../../../shared/pane/observable.ts'
import { readEditions } from '../../../../shared/pane/settings/data-editions.ts'
import { printDiagnostics } from '../../../../shared/pane/settings/diagnostics.ts'
import { readCap } from '../../../../shared/pane/settings/read-cap.ts'
import { createFakeClock } from '../../../excel-addin/fake-clock.ts'

test('a limit is a whole number, none when empty, and anything else is refused', () => {
  expect(['', ' ', '0', '1,000', '1000000000'].map(readCap)).toEqual([null, null, 0, 1000, 1_000_000_000])
  expect(['-1', '1.5', 'many', '1000000001'].map(readCap)).toEqual(Array.from({ length: 4 }, () => undefined))
})

test('the editions are those of the answers, and a tariff that is not there is left out', async () => {
  const source = { provider: 'embedded', edition: 'T2026-0', cached: false, at: '2026-11-22T12:00:00.000Z' }
  const found = await readEditions({
    answers: async (questions) => ({
      answers: questions.map(({ id }) => ({ id, points: 0, ...(id === 'CA' ? { value: 'horses', source } : {}) })),
      points: { balance: 1, held: 0 },
    }),
  })
  expect(found).toEqual({ editions: [{ country: 'CA', edition: 'T2026-0' }] })
})

test('details for support hold what happened, and neither a token nor what stands in a cell', () => {
  const seat = { id: 'seat-1', name: 'Ann', role: 'owner' as const, dailyCapPoints: null }
  const text = printDiagnostics(
    {
      version: '1.2.3',
      host: createMemoryHost([{ name: 'Secret sheet', rows: [['secret goods']] }]),
      isPreview: false,
      clock: createFakeClock(),
      session: { baseUrl: () => 'https://proxy.example', language: () => 'fr', token: () => 'tc_secret' },
      functions: {
        stoppedBy: () => ({ code: 'TC-402', message: 'TC-402 No points left', retryable: false }),
        rememberedCount: () => 7,
        recentErrors: () => [
          { at: 0, fn: 'HSRATE', address: 'Secret sheet!B2', code: 'TC-120', message: '"secret goods"', times: 3 },
        ],
      },
      connection: observable({ kind: 'connected', seat, workspace: { id: 'w1', name: 'Shop' } }),
      points: observable(null),
    } as unknown as Pane,
    { browser: 'Test/1', width: 320, proxyVersion: '0.9.0' },
  )
  for (const part of ['1.2.3', '0.9.0', 'https://proxy.example', 'fr', 'seat-1, owner', 'TC-402', 'HSRATE TC-120 ×3'])
    expect(text).toContain(part)
  expect(text.toLowerCase()).not.toContain('secret')
})
