/** Where an upstream calls this proxy when work has ended: made, listed and ended at the upstream, in the operator's name. */
import { randomBytes } from 'node:crypto'
import { failure, FailureError, sentence } from '../../shared/error-codes.ts'
import { readConfig, type Environment } from '../config.ts'
import type { KeptCredential } from '../credentials/credentials.ts'
import { ProviderError } from '../providers/provider.ts'
import type { ConnectedUpstream, Upstream, UpstreamWebhooks } from '../providers/upstream.ts'
import type { Print } from './command.ts'
import {
  CodedSentence,
  findOwner,
  findUpstream,
  hider,
  noCredential,
  type CredentialWish,
} from './credential-commands.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable } from './print-table.ts'
import { refuse } from './workspaces.ts'

const CALL_TIMEOUT_MS = 30_000
const SECRET_BYTES = 24

interface Opened {
  webhooks: UpstreamWebhooks
  kept: KeptCredential
  ownerId: string
  ownerLabel: string
}

/** The secret is kept before the upstream knows it: a call that nobody could verify is never made. */
export async function createUpstreamWebhook(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish,
  environment: Environment,
): Promise<void> {
  const url = ourAddress(environment, wish.upstream)
  await withWebhooks(admin, upstreams, wish, async ({ webhooks, kept, ownerId, ownerLabel }) => {
    const [newest, before] = webhooks.secretFields
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    const { credential } = kept
    const old = credential[newest]
    const renewed = { ...credential, [newest]: secret, ...(old === undefined ? {} : { [before]: old }) }
    const upstream = findUpstream(upstreams, wish.upstream)
    await admin.credentials.set(ownerId, upstream.name, renewed, kept.url)
    const { id } = await webhooks
      .create(url, secret, AbortSignal.timeout(CALL_TIMEOUT_MS))
      .catch(async (error: unknown) => {
        // Surely not made: the secrets in use stay the two that are known.
        const isUndone = error instanceof ProviderError && !error.mayHaveBeenDone
        if (isUndone) await admin.credentials.set(ownerId, upstream.name, credential, kept.url)
        throw error
      })
    print(`${upstream.name} calls ${url} from now on${id === null ? '' : ` (webhook ${id})`}.`)
    print(`Its calls are signed; the secret is kept, encrypted, with the credential of ${ownerLabel}.`)
    if (old !== undefined)
      print('Calls signed with the secret before it still count: remove the old webhook when you like.')
  })
}

export async function listUpstreamWebhooks(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish & { isJson: boolean },
): Promise<void> {
  await withWebhooks(admin, upstreams, wish, async ({ webhooks }) => {
    const listed = await webhooks.list(AbortSignal.timeout(CALL_TIMEOUT_MS))
    if (wish.isJson) return print(JSON.stringify(listed, null, 2))
    printTable<(typeof listed)[number]>(
      [
        { title: 'id', value: ({ id }) => id },
        { title: 'address', value: ({ url }) => printable(url) },
        { title: 'is', value: ({ enabled }) => (enabled ? 'on' : 'off') },
      ],
      listed,
      `There are no webhooks. Make one with: npm run admin -- webhooks ${wish.upstream} create`,
    ).forEach(print)
  })
}

export async function toggleUpstreamWebhook(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish & { id: string; to: string },
): Promise<void> {
  const id = readId(wish.id)
  if (wish.to !== 'on' && wish.to !== 'off') throw refuse('A webhook is switched on or off.')
  await withWebhooks(admin, upstreams, wish, async ({ webhooks }) => {
    await webhooks.toggle(id, wish.to === 'on', AbortSignal.timeout(CALL_TIMEOUT_MS))
    print(`Webhook ${id} is ${wish.to}.`)
  })
}

export async function removeUpstreamWebhook(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish & { id: string },
): Promise<void> {
  const id = readId(wish.id)
  await withWebhooks(admin, upstreams, wish, async ({ webhooks }) => {
    await webhooks.remove(id, AbortSignal.timeout(CALL_TIMEOUT_MS))
    print(`Webhook ${id} is removed. Large jobs are looked at more often instead.`)
  })
}

/** A call a line, as JSON: which fields an upstream writes down is its own affair. */
export async function showUpstreamWebhookLogs(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish,
): Promise<void> {
  await withWebhooks(admin, upstreams, wish, async ({ webhooks }) => {
    const calls = await webhooks.logs(AbortSignal.timeout(CALL_TIMEOUT_MS))
    if (calls.length === 0) print('No calls yet.')
    for (const call of calls) print(printable(JSON.stringify(call)))
  })
}

async function withWebhooks(
  admin: Admin,
  upstreams: readonly Upstream[],
  wish: CredentialWish,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  const upstream = findUpstream(upstreams, wish.upstream)
  const owner = await findOwner(admin, wish.workspace)
  const kept = await admin.credentials.read(owner.id, upstream.name)
  if (!kept) throw await noCredential(admin, upstream.name, owner.id)
  const connected: ConnectedUpstream = upstream.connect({
    credential: kept.credential,
    baseUrl: kept.url ?? upstream.defaultUrl,
    now: admin.now,
    log: { warn: () => undefined },
    onUsage: () => undefined,
  })
  try {
    const { webhooks } = connected
    if (!webhooks) throw refuse(`${upstream.name} calls nobody.`)
    await work({ webhooks, kept, ownerId: owner.id, ownerLabel: owner.label })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    // The only call that takes the token of a signed-in person.
    if (error.failure.failed === 'upstream-key-refused') {
      const detail = 'managing webhooks takes a sign-in token (jwt), and the one kept is missing or over'
      throw new FailureError(failure('bad-credential', { provider: upstream.name, detail }), { cause: error })
    }
    throw new CodedSentence(hider(upstream, kept.credential)(printable(sentence(error.failure))), { cause: error })
  } finally {
    await connected.close()
  }
}

function ourAddress(environment: Environment, upstream: string): string {
  const { publicUrl } = readConfig(environment)
  if (publicUrl === null) throw refuse('Set PUBLIC_URL to the address the outside reaches this proxy at.')
  if (!publicUrl.startsWith('https:')) throw refuse('PUBLIC_URL must be an https address for upstreams to call.')
  return `${publicUrl}/v1/webhooks/${upstream}`
}

function readId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw refuse('A webhook is named by its number, as the list shows it.')
  return Number(text)
}
