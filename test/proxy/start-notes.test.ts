import { expect, test } from 'vitest'
import { readConfig } from '../../proxy/config.ts'
import { startNotes } from '../../proxy/start-notes.ts'

const notes = (environment: Record<string, string>) => startNotes(readConfig(environment))

test('nothing is said of a proxy that nothing is set for', () => {
  expect(notes({})).toEqual([])
})

test.each(['http://hs.example.com', 'http://10.0.0.5:3000', 'http://localhost.example.com'])(
  'that Excel and Google Sheets refuse %s is said',
  (address) => {
    expect(notes({ PUBLIC_URL: address, TRUSTED_PROXIES: 'loopback' })[0]).toMatch(/^PUBLIC_URL is http: .* https/)
  },
)

test.each(['https://hs.example.com', 'http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
  'it is not said of %s',
  (address) => {
    expect(notes({ PUBLIC_URL: address }).join('\n')).not.toContain('PUBLIC_URL is http')
  },
)

test('who is trusted to tell who calls is said, or with a public address that nobody is', () => {
  const trusted = { TRUSTED_PROXIES: 'loopback,10.0.0.0/8' }
  const said = [expect.stringMatching(/^Trusted to tell who calls, .*: loopback, 10\.0\.0\.0\/8$/)]
  expect(notes(trusted)).toEqual(said)
  expect(notes({ ...trusted, PUBLIC_URL: 'https://hs.example.com' })).toEqual(said)
  expect(notes({ PUBLIC_URL: 'https://hs.example.com' })).toEqual([
    expect.stringMatching(/^TRUSTED_PROXIES names nobody: .*"Limits by address"/),
  ])
})
