/** What an operator does with the webhooks of a workspace. A running proxy sends what is written here within seconds. */
import { FailureError, isFailure, type Failure } from '../../shared/error-codes.ts'
import { EVENT_TYPES, type EventType } from '../../shared/webhooks-protocol.ts'
import { OPERATOR } from '../audit/audit.ts'
import type { Delivery, Owner, Webhook } from '../webhooks/webhooks.ts'
import type { Print } from './command.ts'
import type { Admin } from './open-admin.ts'
import { printable, printTable, printTime } from './print-table.ts'
import { findWorkspace, refuse } from './workspaces.ts'

const DELIVERIES_SHOWN = 50

export async function showWebhooks(
  { database, webhooks }: Admin,
  print: Print,
  wanted: string | undefined,
  isJson: boolean,
): Promise<void> {
  const listed = await webhooks.list((await findWorkspace(database, wanted)).id)
  if (isJson) return print(JSON.stringify(listed, null, 2))
  const lines = printTable<Webhook>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'url', value: ({ url }) => url },
      { title: 'events', value: ({ events }) => events?.join(' ') ?? 'all' },
      { title: 'state', value: ({ state }) => state },
      { title: 'why', value: ({ disabledReason }) => disabledReason },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
    ],
    listed,
    'This workspace has no webhooks.',
  )
  lines.forEach(print)
}

export async function addWebhook(
  { database, webhooks }: Admin,
  print: Print,
  { wanted, url, events }: { wanted: string | undefined; url: string; events: string | undefined },
): Promise<void> {
  if (url === '') throw refuse('--url is the address that is called, such as https://example.com/tariffcell.')
  const types = readEvents(events)
  const workspace = await findWorkspace(database, wanted)
  const made = orThrow(await webhooks.create({ workspaceId: workspace.id, actor: OPERATOR }, { url, events: types }))
  print(`${printable(workspace.name)}: webhook ${made.webhook.id}`)
  print(`Its secret, shown this once: ${made.secret}`)
}

export async function removeWebhook(admin: Admin, print: Print, id: string): Promise<void> {
  orThrow(await admin.webhooks.remove(await ownerOf(admin, id), id))
  print(`Webhook ${id} is removed, with what waited for it.`)
}

export async function enableWebhook(admin: Admin, print: Print, id: string): Promise<void> {
  orThrow(await admin.webhooks.change(await ownerOf(admin, id), id, { state: 'active' }))
  print(`Webhook ${id} is active.`)
}

export async function showDeliveries(admin: Admin, print: Print, id: string, isJson: boolean): Promise<void> {
  const { workspaceId } = await ownerOf(admin, id)
  const listed = orThrow(await admin.webhooks.deliveries(workspaceId, id, { before: null, limit: DELIVERIES_SHOWN }))
  if (isJson) return print(JSON.stringify(listed, null, 2))
  const lines = printTable<Delivery>(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'event', value: ({ event }) => event },
      { title: 'state', value: ({ state }) => state },
      { title: 'attempts', value: ({ attempts }) => attempts },
      {
        title: 'last',
        value: ({ lastStatus, lastTrouble }) => (lastStatus === null ? lastTrouble : String(lastStatus)),
      },
      { title: 'created', value: ({ createdAt }) => printTime(createdAt) },
      { title: 'next', value: ({ state, nextAt }) => (state === 'waiting' ? printTime(nextAt) : null) },
    ],
    listed,
    'Nothing was sent to it yet.',
  )
  lines.forEach(print)
}

export async function resendDelivery(admin: Admin, print: Print, id: string): Promise<void> {
  orThrow(await admin.webhooks.resend(await ownerOf(admin, id), id))
  print(`Delivery ${id} goes out again, from a running proxy, within seconds.`)
}

export async function testWebhook(admin: Admin, print: Print, id: string): Promise<void> {
  const delivery = orThrow(await admin.webhooks.ping(await ownerOf(admin, id), id))
  print(`Ping ${delivery} goes out, from a running proxy, within seconds.`)
  print(`See what became of it with: npm run admin -- webhook deliveries ${id}`)
}

async function ownerOf({ webhooks }: Admin, id: string): Promise<Owner> {
  const workspaceId = await webhooks.workspaceOf(id)
  if (workspaceId === null)
    throw refuse('There is no webhook or delivery with this id. List them with: npm run admin -- webhooks')
  return { workspaceId, actor: OPERATOR }
}

function readEvents(text: string | undefined): EventType[] | null {
  if (text === undefined) return null
  const wanted = text.split(',').map((type) => type.trim())
  const known = EVENT_TYPES.filter((type) => wanted.includes(type))
  if (known.length !== new Set(wanted).size) throw refuse(`--events are of: ${EVENT_TYPES.join(', ')}.`)
  return known
}

function orThrow<Done>(result: Done | Failure): Done {
  if (isFailure(result)) throw new FailureError(result)
  return result
}
