import { expect, test } from 'vitest'
import { torture } from './run-torture.ts'

test('what the ledger acknowledged before a kill -9 is there once, and it adds up', async () => {
  const said: string[] = []
  const outcome = await torture({
    engine: 'sqlite',
    kills: 3,
    seed: 20_261_122,
    secondsPerRound: 0.5,
    say: (line) => void said.push(line),
  })
  expect(said).toEqual([])
  expect(outcome).toMatchObject({ kills: 3, lost: 0, doubled: 0, violations: 0 })
  expect(outcome.acknowledged).toBeGreaterThan(0)
}, 120_000)
