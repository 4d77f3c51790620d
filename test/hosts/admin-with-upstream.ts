/** The operator's command line as `npm run admin` runs it, with one upstream of the test's own: jiayou, as an echo. */
import { runAdmin } from '../../proxy/admin/run-admin.ts'
import { ProviderError } from '../../proxy/providers/provider.ts'
import type { Upstream } from '../../proxy/providers/upstream.ts'
import { failure } from '../../shared/error-codes.ts'

const echo: Upstream = {
  name: 'jiayou',
  credentialFields: [
    { name: 'login', secret: false, pattern: /^[a-z]+$/, expected: 'small letters' },
    { name: 'key', secret: true, pattern: /^[\w-]{8,}$/, expected: 'eight letters and digits or more' },
    { name: 'secret', secret: true, pattern: /^\w+$/, expected: 'letters and digits', optional: true },
  ],
  defaultUrl: 'https://jiayou.example',
  couldAnswer: () => false,
  connect: ({ credential, baseUrl, onUsage }) => ({
    provider: {
      name: 'jiayou',
      inquiriesPerCallMax: 1,
      callsInFlightMax: 1,
      timeoutMs: 1000,
      gatherWindowMs: 0,
      answers: () => false,
      edition: () => '',
      ask: () => Promise.resolve(new Map()),
    },
    async test() {
      onUsage({ items: 1, charged: 1, balance: 99.5 })
      if (credential.login === 'refused') {
        // As an upstream does that repeats what it was sent.
        const detail = `no account for ${credential.key}`
        throw new ProviderError(detail, {
          provider: 'jiayou',
          failure: failure('upstream-unreadable', { provider: 'jiayou', detail }),
        })
      }
      if (credential.login === 'broken') throw new TypeError(`cannot read ${credential.key}`)
      return `hello ${credential.login} at ${baseUrl}, your key is ${credential.key}\u001B[2J`
    },
    close: () => Promise.resolve(),
  }),
}

process.exitCode = await runAdmin(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  loadUpstreams: () => Promise.resolve([echo]),
})
