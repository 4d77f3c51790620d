import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { UsageLine } from '../../../shared/usage-protocol.ts'
import { isFailure } from '../../../shared/error-codes.ts'
import { openTestHouse, type TestHouse } from '../../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../../hosts/test-proxy.ts'

// What the test clock starts with.
const DAY = '2026-11-22'

let house: TestHouse
let proxy: TestProxy
beforeEach(async () => {
  house = await openTestHouse({ providers: [], points: 10_000 })
  proxy = await startTestProxy(house)
})
afterEach(async () => {
  await proxy.close()
  await house.close()
})

const usage = (query: string, token = house.ownerTokens[0]) =>
  proxy.get(`/v1/points/usage?${query}`, { Authorization: `Bearer ${token}` })

async function spend(seatId: string, points: number, jobId: string | null = null): Promise<void> {
  const { workspaceId } = house.askers[0]
  const hold = await house.ledger.hold({
    workspaceId,
    seatId,
    dailyCapPoints: null,
    points: points + 1,
    ttlMs: 1000,
    jobId,
  })
  if (isFailure(hold)) throw new Error(hold.failed)
  await house.ledger.settle(hold, points, async () => {})
}

describe('a usage export', () => {
  test('gives the entries back that the ledger holds, in both forms', async () => {
    const { workspaceId, seatId } = house.askers[0]
    for (let at = 1; at <= 700; at++) await spend(seatId, at % 3 === 0 ? 2 : 1, at === 7 ? 'job-7' : null)
    const csv = await usage(`from=${DAY}&to=${DAY}`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('cache-control')).toBe('no-store')
    const text = Buffer.from(await csv.arrayBuffer()).toString()
    expect(text.startsWith('\uFEFFat,kind,points,balance after,seat name,seat id,job id,held,ref\r\n')).toBe(true)
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true })
    const lines = (await (await usage(`from=${DAY}&to=${DAY}&format=jsonl`)).text()).trimEnd().split('\n')
    const usages = lines.map((line) => JSON.parse(line) as UsageLine)

    expect(
      rows.map((row) => [row.points, row['balance after'], row.ref, row['seat id'], row['job id'], row.held]),
    ).toEqual(
      usages.map((line) => [
        String(line.points),
        String(line.balanceAfter),
        line.ref,
        line.seatId ?? '',
        line.jobId ?? '',
        String(line.held ?? ''),
      ]),
    )
    const entries = (await house.ledger.entries(workspaceId, { before: null, limit: 1000 })).reverse()
    expect(usages.map(({ points, balanceAfter, ref }) => ({ points, balanceAfter, ref }))).toEqual(
      entries.map(({ points, balanceAfter, ref }) => ({ points, balanceAfter, ref })),
    )
    expect(usages[7]).toMatchObject({ kind: 'usage', points: -1, seatName: 'owner', seatId, jobId: 'job-7', held: 2 })
  })

  test.each([
    '=HYPERLINK("http://evil.example","click")',
    '+1',
    '-1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    '\n=1',
    ' =1',
  ])('of a seat called %j is harmless to a spreadsheet', async (name) => {
    const { workspaceId } = house.askers[0]
    const seat = await house.seats.createSeat({ workspaceId, name, role: 'seat', dailyCapPoints: null })
    await spend(seat.id, 5)
    const rows: Record<string, string>[] = parse(await (await usage(`from=${DAY}&to=${DAY}`)).text(), {
      bom: true,
      columns: true,
    })
    expect(rows.at(-1)).toMatchObject({ 'seat name': `'${name}`, points: '-5' })
  })

  test('keeps Chinese, quotes and line breaks in a name', async () => {
    const { workspaceId } = house.askers[0]
    const name = '单证部 "A", B\nC'
    const seat = await house.seats.createSeat({ workspaceId, name, role: 'seat', dailyCapPoints: null })
    await spend(seat.id, 5)
    const rows: Record<string, string>[] = parse(await (await usage(`from=${DAY}&to=${DAY}`)).text(), {
      bom: true,
      columns: true,
    })
    expect(rows.at(-1)).toMatchObject({ 'seat name': name })
  })

  test('holds whole UTC days, both ends inclusive', async () => {
    const { seatId } = house.askers[0]
    const toMidnight = Date.parse('2026-11-23T00:00:00Z') - house.clock.now()
    house.clock.advance(toMidnight - 1)
    await spend(seatId, 1)
    house.clock.advance(1)
    await spend(seatId, 2)
    const pointsOf = async (from: string, to: string): Promise<number[]> => {
      const text = await (await usage(`from=${from}&to=${to}&format=jsonl`)).text()
      return text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as UsageLine).points]))
    }
    expect(await pointsOf(DAY, DAY)).toEqual([10_000, -1])
    expect(await pointsOf('2026-11-23', '2026-11-23')).toEqual([-2])
    expect(await pointsOf(DAY, '2026-11-23')).toEqual([10_000, -1, -2])
    expect(await pointsOf('2025-01-01', '2025-01-31')).toEqual([])
  })

  test('is for owners, and of their own workspace', async () => {
    await spend(house.askers[0].seatId, 5)
    const { token } = await house.seats.createSeat({
      ...house.askers[0],
      name: 's',
      role: 'seat',
      dailyCapPoints: null,
    })
    expect((await usage(`from=${DAY}&to=${DAY}`, token)).status).toBe(403)
    const other = await usage(`from=${DAY}&to=${DAY}&format=jsonl`, house.ownerTokens[1])
    expect(await other.text()).not.toContain('usage')
  })

  test.each([
    '',
    `from=${DAY}`,
    `from=${DAY}&to=2026-11-21`,
    `from=2026-02-30&to=${DAY}`,
    `from=22.11.2026&to=${DAY}`,
    `from=2025-01-01&to=${DAY}`,
    `from=${DAY}&to=${DAY}&format=xlsx`,
    `from=${DAY}&from=${DAY}&to=${DAY}`,
    `from=${DAY}&to=${DAY}&workspace=w`,
  ])('asked for with "%s" is refused', async (query) => {
    const response = await usage(query)
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      400,
      'TC-131',
    ])
  })
})
