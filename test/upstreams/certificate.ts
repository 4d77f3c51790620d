/** A certificate for tests, made as they start: no key lies in the repository, and none can expire there. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export interface TestCertificate {
  key: string
  cert: string
}

const ECDSA_WITH_SHA256 = '06082a8648ce3d040302'
const COMMON_NAME = '0603550403'
const SUBJECT_ALT_NAME = '0603551d11'

/** Signs itself, for a day around now. */
export function createCertificate(
  names: readonly string[],
  validFor: { fromMs: number; toMs: number } = aDay(),
): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(0x30, Buffer.from(ECDSA_WITH_SHA256, 'hex'))
  const name = der(0x30, der(0x31, der(0x30, Buffer.from(COMMON_NAME, 'hex'), der(0x0c, Buffer.from('test')))))
  const alternatives = der(0x30, ...names.map((text) => der(0x82, Buffer.from(text))))
  const extension = der(0x30, Buffer.from(SUBJECT_ALT_NAME, 'hex'), der(0x04, alternatives))
  const content = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    algorithm,
    name,
    der(0x30, time(validFor.fromMs), time(validFor.toMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  )
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, privateKey))
  return { key: pemKey(privateKey), cert: pem(der(0x30, content, algorithm, signature)) }
}

function aDay(): { fromMs: number; toMs: number } {
  return { fromMs: Date.now() - 43_200_000, toMs: Date.now() + 43_200_000 }
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return der(0x18, Buffer.from(digits))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

function pemKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}
