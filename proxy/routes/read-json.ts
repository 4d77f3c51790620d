/**
 * A request's body, read to its end and parsed. Express's own parsers do the same through a stack of packages, which on the one
 * route that is asked thousands of times a second cost more than the answers.
 */
import type { IncomingMessage } from 'node:http'
import { failure, type Failure } from '../../shared/error-codes.ts'

// 500 questions of 512 characters, three bytes each, and their JSON around them.
export const BODY_BYTES_MAX = 1_000_000

/** @returns the value, or the failure `too-large` or `bad-batch`. Never rejects. */
export function readJson(request: IncomingMessage): Promise<{ json: unknown } | Failure> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      // What comes past the limit is read and dropped, so that the client hears why.
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk)
      else resolve(failure('too-large', { max: `${BODY_BYTES_MAX / 1e6} MB` }))
    })
    request.on('end', () => resolve(parse(chunks)))
    request.on('error', () => resolve(failure('bad-batch', { detail: 'the body ended early' })))
  })
}

function parse(chunks: readonly Buffer[]): { json: unknown } | Failure {
  try {
    return { json: JSON.parse((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString()) }
  } catch {
    return failure('bad-batch', { detail: 'the body is not JSON' })
  }
}
