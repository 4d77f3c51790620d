/** Utilities, as far as an add-on like ours has use for them. */
import { createHash, randomUUID } from 'node:crypto'
import { asText, asWhole, mismatch, ScriptException, ServiceObject, type Execution, type Value } from './service.ts'

const DIGESTS: Record<string, string> = { SHA_256: 'sha256', SHA_1: 'sha1', MD5: 'md5' }
const SLEEP_MS_MAX = 300_000

export function utilities(execution: Execution): ServiceObject {
  const reads = {
    getUuid: () => randomUUID(),
    computeDigest(algorithm: Value, value: Value) {
      const name = DIGESTS[asText(algorithm)]
      if (name === undefined) throw mismatch(algorithm)
      return signed(createHash(name).update(bytesOf(value)).digest())
    },
    base64Encode: (data: Value) => bytesOf(data).toString('base64'),
    // Unlike Node's base64url it is padded.
    base64EncodeWebSafe: (data: Value) => bytesOf(data).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    base64Decode: (data: Value) => signed(Buffer.from(asText(data), 'base64')),
    base64DecodeWebSafe: (data: Value) => signed(Buffer.from(asText(data), 'base64url')),
    newBlob: (data: Value, contentType: Value = null, name: Value = null) =>
      blob(bytesOf(data), contentType === null ? null : asText(contentType), name === null ? null : asText(name)),
    formatDate: (date: Value, timeZone: Value, format: Value) => formatDate(date, asText(timeZone), asText(format)),
    sleep(milliseconds: Value) {
      const ms = asWhole(milliseconds)
      if (ms < 0 || ms > SLEEP_MS_MAX) throw new ScriptException(`Sleep value must be from 0 to ${SLEEP_MS_MAX}`)
      execution.pass(ms)
    },
  }
  const constants = {
    DigestAlgorithm: { SHA_256: 'SHA_256', SHA_1: 'SHA_1', MD5: 'MD5' },
    Charset: { UTF_8: 'UTF_8' },
  }
  return new ServiceObject('Utilities', 'free', { reads, constants })
}

export function blob(bytes: Buffer, contentType: string | null, name: string | null): ServiceObject {
  const reads = {
    getBytes: () => signed(bytes),
    getDataAsString: () => bytes.toString('utf8'),
    getContentType: () => contentType,
    getName: () => name,
  }
  const made = new ServiceObject('Blob', 'free', { reads })
  blobBytes.set(made, { bytes, contentType })
  return made
}

/** What is in a blob that a script hands back. */
export const blobBytes = new WeakMap<ServiceObject, { bytes: Buffer; contentType: string | null }>()

/** Of SimpleDateFormat's letters: yyyy, MM, dd, HH, mm, ss, and texts between apostrophes. */
function formatDate(date: Value, timeZone: string, format: string): string {
  if (!(date instanceof Date)) throw mismatch(date)
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(date)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((found) => found.type === type)?.value ?? ''
  const letters: Record<string, string> = {
    yyyy: part('year'),
    MM: part('month'),
    dd: part('day'),
    HH: part('hour'),
    mm: part('minute'),
    ss: part('second'),
  }
  return format.replaceAll(/'([^']*)'|[A-Za-z]+/g, (text, quoted?: string) => {
    const written = quoted ?? letters[text]
    if (written === undefined) throw new ScriptException(`These fakes do not know ${text} in a date format.`)
    return written
  })
}

/** Bytes are from -128 to 127 in Apps Script. */
export function signed(bytes: Buffer): number[] {
  return Array.from(new Int8Array(bytes))
}

function bytesOf(value: Value): Buffer {
  return Array.isArray(value) ? Buffer.from(value.map(asWhole)) : Buffer.from(asText(value), 'utf8')
}
