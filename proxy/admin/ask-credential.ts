/** A credential from the person at the terminal, or from lines that another program writes. Never from the command line. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Writable, type Readable } from 'node:stream'
import { failure, FailureError } from '../../shared/error-codes.ts'
import type { Credential, CredentialField, Upstream } from '../providers/upstream.ts'

export interface Terminal {
  stdin: Readable & { isTTY?: boolean }
  /** Takes the questions, so that stdout holds nothing but results. */
  stderr: { write(text: string): unknown }
}

type Asked = Pick<Upstream, 'name' | 'credentialFields'>

const LINE_CHARACTERS_MAX = 4096

/** @throws {FailureError} `bad-credential`, which never repeats what was given; `bad-command` when the input ends early. */
export async function askCredential(upstream: Asked, terminal: Terminal): Promise<Credential> {
  const given = terminal.stdin.isTTY ? await askFields(upstream, terminal) : await readLines(upstream, terminal.stdin)
  return Object.fromEntries(
    upstream.credentialFields.flatMap((field) => {
      const value = given.get(field.name) ?? ''
      const wrong = fault(field, value)
      if (wrong !== null) throw bad(upstream, wrong)
      return value === '' ? [] : [[field.name, value]]
    }),
  )
}

function askFields(upstream: Asked, { stdin, stderr }: Terminal): Promise<Map<string, string>> {
  const given = new Map<string, string>()
  const fields = upstream.credentialFields.filter((field) => !field.made)
  let isHidden = false
  const screen = new Writable({
    write(chunk: Buffer, _, done) {
      if (!isHidden) stderr.write(chunk.toString())
      done()
    },
  })
  const reader = createInterface({ input: stdin, output: screen, terminal: true, historySize: 0 })
  return new Promise((resolve, reject) => {
    const askNext = (): void => {
      const [field] = fields
      if (!field) return reader.close()
      isHidden = false
      reader.setPrompt(question(upstream, field))
      reader.prompt()
      isHidden = field.secret
    }
    // Within the event, not after it: of two lines pasted together the second would be shown under the first one's rule.
    reader.on('line', (line) => {
      const field = fields.shift()
      if (!field) return
      if (field.secret) stderr.write('\n')
      given.set(field.name, line.trim())
      const wrong = fault(field, line.trim())
      if (wrong !== null) reject(bad(upstream, wrong))
      if (wrong === null) askNext()
      else reader.close()
    })
    reader.on('SIGINT', () => reader.close())
    reader.on('close', () => {
      if (fields.length === 0) return resolve(given)
      stderr.write('\n')
      reject(new FailureError(failure('bad-command', { detail: 'Stopped: nothing was kept.' })))
    })
    askNext()
  })
}

function question(upstream: Asked, { name, optional, secret }: CredentialField): string {
  const hints = [...(optional ? ['may stay empty'] : []), ...(secret ? ['not shown'] : [])]
  return `${upstream.name} ${name}${hints.length === 0 ? '' : ` (${hints.join(', ')})`}: `
}

async function readLines(upstream: Asked, stdin: Readable): Promise<Map<string, string>> {
  const names = upstream.credentialFields.map(({ name }) => name)
  const given = new Map<string, string>()
  const reader = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY })
  const lines: string[] = []
  reader.on('line', (line) => {
    if (line.length <= LINE_CHARACTERS_MAX && lines.length <= names.length * 2) lines.push(line)
  })
  await once(reader, 'close')
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue
    const [, name = '', value = ''] = /^\uFEFF?\s*([^=]*?)\s*=(.*)$/s.exec(line) ?? []
    // A line that is not understood may be the secret itself: its number is enough.
    if (!names.includes(name))
      throw bad(upstream, `line ${at + 1} is none of ${names.map((one) => `${one}=…`).join(', ')}`)
    if (given.has(name)) throw bad(upstream, `${name} comes twice`)
    given.set(name, value.trim())
  }
  return given
}

/** What is wrong with a field's value, without the value; null when nothing is. */
function fault(field: CredentialField, value: string): string | null {
  if (value === '') return field.optional ? null : `${field.name} is missing (${field.expected})`
  return field.pattern.test(value) ? null : `${field.name} must be ${field.expected}`
}

function bad(upstream: Asked, detail: string): FailureError {
  return new FailureError(failure('bad-credential', { provider: upstream.name, detail }))
}
