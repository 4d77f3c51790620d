import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { askCredential } from '../../../proxy/admin/ask-credential.ts'
import type { Credential, CredentialField } from '../../../proxy/providers/upstream.ts'

const SECRET = 'S3cret-of-the-house'
const FIELDS: CredentialField[] = [
  { name: 'login', secret: false, pattern: /^[a-z]+$/, expected: 'small letters' },
  { name: 'key', secret: true, pattern: /^[\w=-]{8,}$/, expected: 'eight letters and digits or more' },
  { name: 'note', secret: true, pattern: /^\w+$/, expected: 'letters', optional: true },
]
const upstream = { name: 'jiayou', credentialFields: FIELDS } as const

/** Types each text when a question is shown, as a person does. */
async function atTerminal(...typed: string[]): Promise<{ screen: string; outcome: Credential | string }> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  let screen = ''
  const stderr = {
    write(text: string) {
      screen += text
      if (text.endsWith(': ') && typed.length > 0) setImmediate(() => stdin.write(typed.shift() ?? ''))
    },
  }
  const asked = askCredential(upstream, { stdin, stderr })
  const outcome = await asked.catch((error: Error) => error.message)
  return { screen, outcome }
}

async function fromLines(text: string): Promise<Credential | string> {
  const stdin = new PassThrough()
  stdin.end(text)
  const asked = askCredential(upstream, { stdin, stderr: { write: () => expect.unreachable('nobody is asked') } })
  return asked.catch((error: Error) => error.message)
}

describe('at a terminal', () => {
  test('what is secret is not shown while it is typed, pasted or mended', async () => {
    for (const typed of [
      ['abc\r', `${SECRET}x\u007F\r`, '\r'],
      [`abc\r${SECRET}\r\r`],
      [`abc\n${SECRET}\n\n`],
      ['abc\r', `\u001B[200~${SECRET}\u001B[201~\r`, '\r'],
    ]) {
      const { screen, outcome } = await atTerminal(...typed)
      expect(outcome).toEqual({ login: 'abc', key: SECRET })
      expect(screen).toContain('abc')
      expect(screen).toContain('jiayou key (not shown): ')
      for (let at = 0; at + 4 <= SECRET.length; at++) expect(screen).not.toContain(SECRET.slice(at, at + 4))
    }
  })

  test('a field of the wrong form ends it, without repeating it', async () => {
    const { screen, outcome } = await atTerminal('abc\r', 'short!\r')
    expect(outcome).toBe('TC-612 The credential for jiayou is not valid: key must be eight letters and digits or more.')
    expect(screen).not.toContain('short!')
  })

  test('Ctrl-C and Ctrl-D keep nothing', async () => {
    for (const end of ['\u0003', '\u0004']) {
      const { outcome } = await atTerminal('abc\r', end)
      expect(outcome).toBe('TC-610 Stopped: nothing was kept.')
    }
  })
})

describe('from lines', () => {
  test('fields come in any order, with any line end, an equals sign inside, and spaces around', async () => {
    expect(await fromLines(`\uFEFFkey= ${SECRET}== \r\n\r\n login =abc`)).toEqual({ login: 'abc', key: `${SECRET}==` })
  })

  test('what is missing, twice, unknown or of the wrong form is said without its value', async () => {
    const wrong: Record<string, RegExp> = {
      '': /login is missing \(small letters\)/,
      'login=abc': /key is missing/,
      [`login=abc\nkey=${SECRET}\nkey=${SECRET}`]: /key comes twice/,
      [`login=abc\n${SECRET}`]: /line 2 is none of login=…, key=…, note=…/,
      [`login=abc\n${SECRET}=`]: /line 2 is none of/,
      [`login=${SECRET}\nkey=${SECRET}`]: /login must be small letters/,
      [`login=abc\nkey=${SECRET} ${SECRET}`]: /key must be eight/,
    }
    for (const [lines, sentence] of Object.entries(wrong)) {
      const outcome = await fromLines(lines)
      expect(outcome).toMatch(sentence)
      expect(outcome).toMatch(/^TC-612 /)
      expect(outcome).not.toContain(SECRET)
    }
  })
})

test('a terminal that is gone keeps nothing', async () => {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const asked = askCredential(upstream, { stdin, stderr: { write: () => true } })
  stdin.end()
  await expect(asked).rejects.toThrow('TC-610')
  if (!stdin.closed) await once(stdin, 'close')
})
