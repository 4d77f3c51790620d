/**
 * juhe: a picture is looked up among the goods of a shop, and what looks like it says what kind of goods it is.
 *
 * Its document gives a plain http address and nothing else: the picture and the key travel unencrypted between this proxy and juhe.
 * A base address with https can be set where juhe, or a relay in front of it, takes it.
 */
import { FAILURES, failure, isFailure, type Failure } from '../../../shared/error-codes.ts'
import { createPublicFetch, type FetchPublic } from '../../fetch-public.ts'
import { openSharp } from '../../pictures/open-sharp.ts'
import { createJsonClient, type JsonClient } from '../fetch-json.ts'
import { ProviderError, type Inquiry, type LookupInquiry, type Reply } from '../provider.ts'
import type { Connection, Upstream } from '../upstream.ts'
import { preparePicture, SHORT_SIDE_MIN } from './picture.ts'
import { envelope, errorCodeOf } from './schema.ts'
import { failureOfCode, toTable } from './to-answer.ts'

export const juhe: Upstream = createJuhe(createPublicFetch())

/** @param fetchPicture reads the addresses people type. */
export function createJuhe(fetchPicture: FetchPublic): Upstream {
  return {
    name: 'juhe',
    credentialFields: [
      {
        name: 'key',
        secret: true,
        // The document shows no key; this keeps out what was pasted by mistake.
        pattern: /^[\x21-\x7e]{8,128}$/,
        expected:
          '8 to 128 characters without spaces, as they stand above the name of the interface in your data at juhe',
      },
    ],
    defaultUrl: 'http://apis.juhe.cn',
    couldAnswer: ({ kind, fn }) => kind === 'lookup' && fn === 'HSIMAGE',
    connect(connection) {
      const client = createJsonClient({ provider: 'juhe', baseUrl: connection.baseUrl })
      const look = (picture: Buffer, signal: AbortSignal): Promise<unknown[]> =>
        findProducts(client, connection, picture, signal)
      return {
        provider: {
          name: 'juhe',
          inquiriesPerCallMax: 1,
          callsInFlightMax: 4,
          timeoutMs: 30_000,
          gatherWindowMs: 0,
          answers,
          edition: () => `juhe, asked ${new Date(connection.now()).toISOString().slice(0, 7)}`,
          async ask(inquiries, signal) {
            const replies = new Map<string, Reply>()
            await Promise.all(
              inquiries.map(async (inquiry) => {
                replies.set(inquiry.key, await answerOne({ fetchPicture, look }, inquiry, signal))
              }),
            )
            return replies
          },
        },
        test: (signal) => testKey(look, signal),
        close: () => client.close(),
      }
    },
  }
}

function isAboutPicture(inquiry: Inquiry): inquiry is LookupInquiry & { ask: { fn: 'HSIMAGE' } } {
  return inquiry.kind === 'lookup' && inquiry.ask.fn === 'HSIMAGE'
}

/** It knows the goods of today only, and their kinds in Chinese. */
function answers(inquiry: Inquiry): boolean {
  if (!isAboutPicture(inquiry)) return false
  const { date, lang = 'zh' } = inquiry.ask.options
  return date === undefined && lang === 'zh'
}

type Look = (picture: Buffer, signal: AbortSignal) => Promise<unknown[]>

/** @throws {ProviderError} for trouble that is juhe's; what is the picture's comes as a failure. */
async function answerOne(
  { fetchPicture, look }: { fetchPicture: FetchPublic; look: Look },
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<Reply> {
  if (!isAboutPicture(inquiry)) return failure('provider-failed', { provider: 'juhe' })
  const { ask } = inquiry
  const bytes = inquiry.picture ?? (await fetchPicture(ask.url, signal))
  if (isFailure(bytes)) return bytes
  const picture = await preparePicture(bytes)
  if (isFailure(picture)) return picture
  try {
    return toTable(await look(picture, signal), ask.options.n)
  } catch (error) {
    if (error instanceof ProviderError && isAboutTheQuestion(error.failure)) return error.failure
    throw error
  }
}

function isAboutTheQuestion(failed: Failure): boolean {
  return FAILURES[failed.failed].kind !== 'service'
}

/** @throws {ProviderError} */
async function findProducts(
  client: JsonClient,
  { credential, log, onUsage }: Connection,
  picture: Buffer,
  signal: AbortSignal,
): Promise<unknown[]> {
  const { result } = await client.request({
    method: 'POST',
    path: '/snapshop/query',
    // Bare base64: without the head of a data URL.
    form: { key: credential.key ?? '', image: picture.toString('base64') },
    schema: envelope,
    readFailure(status, body) {
      const code = errorCodeOf(body)
      const failed = failureOfCode(code)
      if (failed) log.warn({ provider: 'juhe', status, errorCode: code }, 'juhe refused a picture')
      // It was looked at, so it counts as a query there.
      if (failed && isAboutTheQuestion(failed)) onUsage(ONE_QUERY)
      return failed
    },
    signal,
  })
  onUsage(ONE_QUERY)
  return result.data
}

// Its replies say neither what a query costs nor how many are left.
const ONE_QUERY = { items: 1, charged: null, balance: null }

/** @throws {ProviderError} */
async function testKey(look: Look, signal: AbortSignal): Promise<string> {
  const grey = { width: SHORT_SIDE_MIN, height: SHORT_SIDE_MIN, channels: 3, background: '#808080' } as const
  const sharp = await openSharp()
  const picture = await sharp({ create: grey }).jpeg().toBuffer()
  try {
    await look(picture, signal)
  } catch (error) {
    // A grey square is like nothing, and to say so juhe must have taken the key.
    if (!(error instanceof ProviderError) || !isAboutTheQuestion(error.failure)) throw error
  }
  return 'juhe takes the key. This test cost one of its queries.'
}
