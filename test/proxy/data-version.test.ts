import { expect, test } from 'vitest'
import { createDataVersion, type DataVersionDeps } from '../../proxy/data-version.ts'

function versionOf(changes: {
  approvals?: [version: number, removals: number]
  upstreams?: string[]
  edition?: string
  lexicon?: string
  damaged?: boolean
}) {
  const [version, removals] = changes.approvals ?? [3, 0]
  const deps: DataVersionDeps = {
    lexiconEdition: changes.lexicon ?? 'HS2022 lexicon 1',
    now: () => Date.UTC(2026, 10, 29),
    book: {
      countries: () => ['CA'],
      edition: (country, date) => {
        if (changes.damaged) throw new Error('damaged')
        expect(date).toBe('2026-11-29')
        const edition = changes.edition ?? 'T2026-0'
        return { country, edition, effectiveFrom: '2026-01-01', effectiveTo: null, source: '', notes: [] }
      },
    },
    approvals: { state: async () => ({ version, removals, entries: version }) },
    connections: {
      of: () => (changes.upstreams ?? []).map((name) => ({ name })),
    } as unknown as DataVersionDeps['connections'],
  }
  return createDataVersion(deps)('workspace')
}

test('the version of the data changes with tariffs, lexicon, upstreams and approvals, and with nothing else', async () => {
  const now = await versionOf({})
  expect(await versionOf({})).toBe(now)
  const others = await Promise.all([
    versionOf({ edition: 'T2026-1' }),
    versionOf({ damaged: true }),
    versionOf({ lexicon: 'HS2022 lexicon 2' }),
    versionOf({ upstreams: ['jiayou'] }),
    versionOf({ approvals: [4, 0] }),
    versionOf({ approvals: [3, 1] }),
  ])
  expect(new Set([now, ...others]).size).toBe(others.length + 1)
})
