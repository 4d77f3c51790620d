import express from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../proxy/config.ts'
import { fakeProvider } from '../hosts/fake-provider.ts'
import { openTestHouse, type TestHouse } from '../hosts/test-house.ts'
import { startTestProxy, type TestProxy } from '../hosts/test-proxy.ts'

// Of one address; the one after is refused.
const FAILURES_MAX = 30

describe('whose request it is', () => {
  let house: TestHouse
  let proxy: TestProxy
  beforeEach(async () => {
    house = await openTestHouse({ providers: [fakeProvider()] })
  })
  afterEach(async () => {
    await proxy.close()
    await house.close()
  })

  const start = async (...trustedProxies: string[]): Promise<void> => {
    proxy = await startTestProxy(house, { trustedProxies })
  }

  /** A token that is not known. @param forwardedFor as a server in between says; the test itself is on 127.0.0.1. */
  async function guess(forwardedFor: string): Promise<number> {
    const headers = { Authorization: 'Bearer guess', 'X-Forwarded-For': forwardedFor }
    return (await proxy.get('/v1/session', headers)).status
  }

  async function useUp(forwardedFor: (at: number) => string): Promise<void> {
    for (let at = 0; at < FAILURES_MAX; at++) expect(await guess(forwardedFor(at))).toBe(401)
  }

  test('is the address it comes from, whatever it says, where no proxy is trusted', async () => {
    await start()
    await useUp((at) => `198.51.100.${at}`)
    expect([await guess('198.51.100.77'), await guess('203.0.113.9, 203.0.113.8')]).toEqual([429, 429])
  })

  test('is the one behind a trusted proxy: each has an allowance of its own', async () => {
    await start('loopback')
    await useUp(() => '198.51.100.1')
    expect([await guess('198.51.100.1'), await guess('198.51.100.2')]).toEqual([429, 401])
    // The route that comes before Express's router too.
    const answers = await proxy.post('/v1/answers', '{}', { 'X-Forwarded-For': '198.51.100.1' })
    const others = await proxy.post('/v1/answers', '{}', { 'X-Forwarded-For': '198.51.100.2' })
    expect([answers.status, others.status]).toEqual([429, 401])
  })

  test('is the last that no trusted proxy is, whatever its own header said before', async () => {
    await start('loopback', '10.0.0.0/8')
    await useUp((at) => `203.0.113.${at}, 198.51.100.1, 10.1.2.3`)
    expect(await guess('203.0.113.99, 198.51.100.1')).toBe(429)
    expect(await guess('198.51.100.1, 198.51.100.2, 10.9.9.9')).toBe(401)
  })

  test('is not told by a server that is not among the trusted', async () => {
    await start('10.0.0.0/8')
    await useUp((at) => `198.51.100.${at}`)
    expect(await guess('198.51.100.77')).toBe(429)
  })

  test('is never this machine’s because a header says so', async () => {
    await start('loopback')
    for (const forwardedFor of ['127.0.0.1', '::1']) {
      const response = await proxy.get('/v1/cell?fn=HSFORMAT&a=6109', { 'X-Forwarded-For': forwardedFor })
      expect(response.status).toBe(401)
    }
  })
})

describe('TRUSTED_PROXIES', () => {
  const read = (text?: string) => readConfig(text === undefined ? {} : { TRUSTED_PROXIES: text }).trustedProxies

  test('names nobody unless it is set', () => {
    expect([read(), read(''), read(' , ')]).toEqual([[], [], []])
  })

  test.each(['loopback', 'linklocal, uniquelocal', '10.0.0.5', '10.0.0.0/8,192.0.2.1/32', '2001:db8::/32, ::1/128'])(
    'may be %s, which Express takes too',
    (text) => {
      const proxies = read(text)
      expect(proxies).toEqual(text.split(/, ?/))
      expect(() => express().set('trust proxy', proxies)).not.toThrow()
    },
  )

  test.each([
    'true',
    '1',
    'localhost',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '::1/129',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    'https://10.0.0.1',
  ])('is not %s', (text) => {
    expect(() => read(`loopback, ${text}`)).toThrow(
      `TC-603 The setting TRUSTED_PROXIES is not valid: "${text}" is neither`,
    )
  })

  test.each(['0.0.0.0/0', '10.0.0.0/00', '::/0'])('is not everybody, as %s would be', (text) => {
    expect(() => read(`loopback, ${text}`)).toThrow(`"${text}" is everybody, and everybody may not be trusted`)
  })
})
