import type { Response } from 'express'
import { describe, expect, test } from 'vitest'
import { addressGroup } from '../../../proxy/auth/address-group.ts'
import { createAuthenticate } from '../../../proxy/auth/authenticate.ts'
import { createBoundedLimiter } from '../../../proxy/auth/bounded-limiter.ts'
import { isFailure } from '../../../shared/error-codes.ts'

const response = { setHeader: () => undefined } as unknown as Response

describe('a caller', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['not an address', 'unknown'],
    ['', 'unknown'],
  ])('at %s counts as %s', (address, group) => expect(addressGroup(address)).toBe(group))

  test('with an IPv6 network of its own is slowed down as one, and its neighbours are not', async () => {
    const authenticate = createAuthenticate({ seats: { authenticate: async () => null }, requestsPerMinute: 100 })
    const guess = async (address: string): Promise<string> => {
      const failed = await authenticate.seatOf('a guess', { address, spreadsheet: null }, response)
      return isFailure(failed) ? failed.failed : 'a seat'
    }
    const codes: string[] = []
    for (let at = 1; at <= 31; at++) codes.push(await guess(`2001:db8:0:1::${at.toString(16)}`))
    expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'not-connected'))
    expect(codes[30]).toBe('too-many-requests')
    expect(await authenticate.blocked('2001:db8:0:1:ffff::9', response)).not.toBeNull()
    expect(await guess('2001:db8:0:2::1')).toBe('not-connected')
  })
})

describe('a limit over keys that callers choose', () => {
  test('remembers so many and no more, and forgets the one unheard of for longest', async () => {
    const limiter = createBoundedLimiter({ points: 1, seconds: 60, keysMax: 100 })
    for (let at = 0; at < 10_000; at++) await limiter.consume(`key ${at}`)
    const kept = await Promise.all(Array.from({ length: 10_000 }, (_, at) => limiter.get(`key ${at}`)))
    expect(kept.filter((one) => one !== null)).toHaveLength(100)
    expect(kept.slice(-100).every((one) => one !== null)).toBe(true)
  })

  test('takes back what was counted, and remembers nobody for it who was forgotten', async () => {
    const limiter = createBoundedLimiter({ points: 2, seconds: 60, keysMax: 1 })
    await limiter.consume('a')
    await limiter.penalty('a')
    await limiter.reward('a')
    expect(await limiter.get('a')).toMatchObject({ consumedPoints: 1 })
    await limiter.penalty('b')
    await limiter.reward('a')
    expect([await limiter.get('a'), await limiter.get('b')]).toMatchObject([null, { consumedPoints: 1 }])
  })

  test('goes on counting whoever keeps trying', async () => {
    const limiter = createBoundedLimiter({ points: 1000, seconds: 60, keysMax: 3 })
    for (let at = 0; at < 10; at++) {
      await limiter.consume('a')
      await limiter.consume(`other ${at}`)
    }
    expect(await limiter.get('a')).toMatchObject({ consumedPoints: 10 })
  })
})
