/** What an operator does with the credentials of upstreams. Nothing here prints a secret. */
import { failure, FailureError, sentence } from '../../shared/error-codes.ts'
import type { Credentials } from '../credentials/credentials.ts'
import type { UsageTotal } from '../credentials/usage.ts'
import { ProviderError } from '../providers/provider.ts'
import {
  DEPLOYMENT,
  isUpstreamName,
  UPSTREAM_NAMES,
  type Credential,
  type Upstream,
  type UpstreamName,
} from '../providers/upstream.ts'
import { askCredential, type Terminal } from './ask-credential.ts'
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import { findWorkspace, listWorkspaces, refuse } from './workspaces.ts'

const TEST_TIMEOUT_MS = 30_000

/** A sentence with its code that is fit to print as it is. */
export class CodedSentence extends Error {
  override name = 'CodedSentence'
}

export interface CredentialWish {
  upstream: string
  /** Id or name; undefined: the deployment's own credential. */
  workspace: string | undefined
}

export async function setCredential(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish & { url: string | undefined },
  terminal: Terminal,
): Promise<void> {
  const upstream = findUpstream(upstreams, wish.upstream)
  const wished = wish.url === undefined ? null : readBaseAddress(wish.url)
  const owner = await findOwner(admin, wish.workspace)
  // A new key goes to the address the old one went to, until another is named.
  const before = (await admin.credentials.list()).entries.find(
    (entry) => entry.workspaceId === owner.id && entry.upstream === upstream.name,
  )
  const url = wished ?? before?.url ?? null
  const asked = await askCredential(upstream, terminal)
  const credential = { ...(before ? await madeFields(admin, upstream, owner.id) : {}), ...asked }
  await admin.credentials.set(owner.id, upstream.name, credential, url)
  const fields = Object.keys(credential).join(', ')
  print(`${upstream.name}: ${fields} kept, encrypted, for ${owner.label}; sent to ${url ?? upstream.defaultUrl}.`)
  const option = owner.id === DEPLOYMENT ? '' : ` --workspace ${owner.id}`
  print(`Try it with: npm run admin -- credentials test ${upstream.name}${option}`)
}

/** What commands of ours made stays when a person puts the rest in anew: the upstream still signs with it. */
async function madeFields({ credentials }: Admin, upstream: Upstream, ownerId: string): Promise<Credential> {
  // One that cannot be opened is about to be replaced, which is how it is mended.
  const kept = await credentials.read(ownerId, upstream.name).catch((error: unknown) => {
    if (error instanceof FailureError) return null
    throw error
  })
  const made = upstream.credentialFields.filter((field) => field.made).map(({ name }) => name)
  return Object.fromEntries(
    made.flatMap((name) => (kept?.credential[name] === undefined ? [] : [[name, kept.credential[name]]])),
  )
}

/** @throws {FailureError} `master-key` after the list, when a row cannot be opened. */
export async function listCredentials(admin: Admin, print: Print, isJson: boolean): Promise<void> {
  const { entries, failed } = await admin.credentials.list()
  if (isJson) print(JSON.stringify(entries, null, 2))
  else {
    const nameOf = await ownerNames(admin)
    const lines = printTable<Awaited<ReturnType<Credentials['list']>>['entries'][number]>(
      [
        { title: 'upstream', value: ({ upstream }) => upstream },
        { title: 'for', value: ({ workspaceId }) => nameOf(workspaceId) },
        { title: 'fields', value: ({ fields }) => fields?.join(', ') ?? 'cannot be opened' },
        { title: 'address', value: ({ url }) => url ?? 'its own' },
        { title: 'changed', value: ({ changedAt }) => printTime(changedAt) },
      ],
      entries,
      `There are no credentials. Put one in with: npm run admin -- credentials set <${UPSTREAM_NAMES.join('|')}>`,
    )
    lines.forEach(print)
  }
  if (failed) throw new FailureError(failed)
}

/** Calls the upstream once. @throws {FailureError} what a cell would say. */
export async function testCredential(
  admin: Admin,
  print: Print,
  upstreams: readonly Upstream[],
  wish: CredentialWish,
): Promise<void> {
  const upstream = findUpstream(upstreams, wish.upstream)
  const owner = await findOwner(admin, wish.workspace)
  const kept = await admin.credentials.read(owner.id, upstream.name)
  if (!kept) throw await noCredential(admin, upstream.name, owner.id)

  const records: Promise<unknown>[] = []
  const connected = upstream.connect({
    credential: kept.credential,
    baseUrl: kept.url ?? upstream.defaultUrl,
    now: admin.now,
    log: { warn: () => undefined },
    onUsage: (usage) => records.push(admin.usage.record({ workspaceId: owner.id, upstream: upstream.name, ...usage })),
  })
  // An upstream may send back what it was sent.
  const hide = hider(upstream, kept.credential)
  try {
    const said = await connected.test(AbortSignal.timeout(TEST_TIMEOUT_MS))
    print(hide(`${upstream.name} accepts the credential of ${owner.label}: ${printable(said)}`))
  } catch (error) {
    const expected = error instanceof ProviderError || error instanceof FailureError
    if (expected) throw new CodedSentence(hide(printable(sentence(error.failure))), { cause: error })
    const stack = error instanceof Error ? error.stack : String(error)
    throw new CodedSentence(hide(`${sentence(failure('bug', { id: 'credentials test' }))}\n${stack}`), { cause: error })
  } finally {
    await connected.close()
    await Promise.allSettled(records)
  }
}

/** Needs neither the key nor the upstream's folder: what cannot be read can still be removed. */
export async function removeCredential(admin: Admin, print: Print, wish: CredentialWish): Promise<void> {
  if (!isUpstreamName(wish.upstream)) throw unknown(wish.upstream, UPSTREAM_NAMES)
  const owner = await findOwner(admin, wish.workspace)
  const wasThere = await admin.credentials.remove(owner.id, wish.upstream)
  if (!wasThere) throw await noCredential(admin, wish.upstream, owner.id)
  print(`${wish.upstream}: the credential of ${owner.label} is removed.`)
}

export async function showUsage(admin: Admin, print: Print, isJson: boolean): Promise<void> {
  const totals = await admin.usage.totals()
  if (isJson) return print(JSON.stringify(totals, null, 2))
  const nameOf = await ownerNames(admin)
  const lines = printTable<UsageTotal>(
    [
      { title: 'upstream', value: ({ upstream }) => upstream },
      { title: 'for', value: ({ workspaceId }) => nameOf(workspaceId) },
      { title: 'calls', value: ({ calls }) => calls },
      { title: 'items', value: ({ items }) => items },
      { title: 'charged', value: ({ charged }) => charged },
      { title: 'lost', value: ({ lost }) => lost },
      { title: 'balance', value: ({ balance }) => balance },
      { title: 'last call', value: ({ lastAt }) => printTime(lastAt) },
    ],
    totals,
    'No upstream was called yet.',
  )
  lines.forEach(print)
}

/** Names where there is one, when it was looked for elsewhere. */
export async function noCredential(admin: Admin, upstream: UpstreamName, ownerId: string): Promise<FailureError> {
  const { entries } = await admin.credentials.list()
  const other = entries.find((entry) => entry.upstream === upstream && entry.workspaceId !== ownerId)
  if (!other) return new FailureError(failure('no-credential', { provider: upstream }))
  const nameOf = await ownerNames(admin)
  return other.workspaceId === DEPLOYMENT
    ? refuse(`The credential for ${upstream} is everybody's: leave --workspace out.`)
    : refuse(`The credential for ${upstream} is ${nameOf(other.workspaceId)}'s: add --workspace ${other.workspaceId}`)
}

export function findUpstream(upstreams: readonly Upstream[], wanted: string): Upstream {
  const upstream = upstreams.find(({ name }) => name === wanted)
  if (!upstream)
    throw unknown(
      wanted,
      upstreams.map(({ name }) => name),
    )
  return upstream
}

function unknown(wanted: string, known: readonly UpstreamName[]): FailureError {
  // What is no name may be a secret in the wrong place.
  const value = /^[a-z]{1,15}$/i.test(wanted) ? wanted : '…'
  return new FailureError(failure('unknown-upstream', { value, known: known.join(', ') || 'none' }))
}

export async function findOwner(
  { database }: Admin,
  wanted: string | undefined,
): Promise<{ id: string; label: string }> {
  if (wanted === undefined) return { id: DEPLOYMENT, label: 'everybody' }
  const { id, name } = await findWorkspace(database, wanted)
  return { id, label: printable(name) }
}

async function ownerNames({ database }: Admin): Promise<(workspaceId: string) => string> {
  const names = new Map((await listWorkspaces(database)).map(({ id, name }) => [id, name]))
  return (workspaceId) => (workspaceId === DEPLOYMENT ? 'everybody' : (names.get(workspaceId) ?? workspaceId))
}

/** @returns the address without a slash at its end. Never repeats one that is refused: it may hold a secret. */
function readBaseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw refuse('--url is a base address such as https://api.example.com.')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('--url is a base address alone: no user, no password, no query. Secrets are asked for.')
  }
  return url.href.replace(/\/+$/, '')
}

export function hider(upstream: Upstream, credential: Readonly<Record<string, string>>): (text: string) => string {
  const secrets = upstream.credentialFields.flatMap(({ name, secret }) =>
    secret && credential[name] ? [credential[name]] : [],
  )
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, '[hidden]'), text)
}
