/**
 * Every route of the proxy, and what it must withstand. Two test files go through this table: test/proxy/routes/workspaces-apart.test.ts
 * (two workspaces, no token, the wrong role, bad bodies) and random-bodies.test.ts. A route without an entry fails the first of them.
 *
 * To add a route: one entry in {@link WALLS}. Where its path names an object (`/v1/jobs/:job`), `object` makes one in the workspace it
 * is given and returns its id; make it hold {@link MARK} wherever it holds a text, which is how a leak is noticed:
 *
 *     { route: 'GET /v1/jobs/:job', for: 'token', object: aJob, unknown: 'TC-240' },
 *     { route: 'POST /v1/jobs', for: 'person', body: { requestId: 'r', fn: 'HSCODE', rows: [[MARK]] } },
 *
 *     async function aJob({ house, workspaceId, ownerSeatId }: Tenant): Promise<string> { … }
 */
import { hash } from 'node:crypto'
import type { Express } from 'express'
import { DESK_BODY_BYTES_MAX } from '../../shared/desk-protocol.ts'
import { failure, isFailure } from '../../shared/error-codes.ts'
import { JOB_BODY_BYTES_MAX } from '../../shared/jobs-protocol.ts'
import { MEMORY_BODY_BYTES_MAX, MEMORY_CSV_BYTES_MAX } from '../../shared/memory-protocol.ts'
import { hashOf } from '../../proxy/memory/approvals.ts'
import type { House } from '../../proxy/open-house.ts'
import type { PaymentService } from '../../proxy/recharge/payment-service.ts'
import { RECHARGE_BODY_BYTES_MAX } from '../../proxy/routes/recharge.ts'
import { BODY_BYTES_MAX } from '../../proxy/routes/read-json.ts'
import { WEBHOOK_BODY_BYTES_MAX } from '../../proxy/routes/webhooks.ts'
import { HSCIQ_KEY, startHsciqSimulator } from '../upstreams/hsciq.ts'
import { openUpstreamHouse } from './upstream-house.ts'

// An address that needs no resolver; nothing is sent to it here.
const PUBLIC_URL = 'https://93.184.216.34/hook'

/** Stands in every text of workspace one. */
export const MARK = 'Zwetschgendatschi'

export interface Wall {
  /** Method and path, as Express has them. */
  route: string
  /** Who may come in. `anyone` needs no token, `token` is any, `person` any but one of role `cell`. */
  for: 'anyone' | 'token' | 'person' | 'owner'
  /** Makes what the path's parameter names. @returns its id. Called once for each tenant, whatever the number of routes. */
  object?: (tenant: Tenant) => Promise<string>
  /** Code of an object that is not there; and of one that is another workspace's. */
  unknown?: string
  /** A body that would do; left out where none is read. */
  body?: Record<string, unknown>
  /** A field whose number is judged after its type, under a code of its own. */
  judged?: string
  /** A file that would do, sent as text/csv. */
  csv?: string
  bodyBytesMax?: number
  /** Of what is in the address. */
  badQueries?: readonly string[]
}

const BAD_LIMITS = ['limit=0', 'limit=-1', 'limit=1.5', 'limit=ten', 'limit=', 'limit=1&limit=2', 'Limit=1']
const BAD_IDS = [
  'before=',
  'before=%00',
  'before=a%00b',
  'before=%F0%9F%92%A3',
  `before=${'x'.repeat(65)}`,
  'before=a&before=b',
]
const NO_PAGES = ['limit=5', 'before=x', 'x']

export const WALLS: readonly Wall[] = [
  { route: 'GET /healthz', for: 'anyone' },
  { route: 'GET /readyz', for: 'anyone' },
  { route: 'GET /openapi.json', for: 'anyone' },
  { route: 'GET /metrics', for: 'owner' },

  { route: 'POST /v1/answers', for: 'token', body: { questions: [{ id: 'q', fn: 'HSCODE', args: ['cotton shirt'] }] } },
  { route: 'GET /v1/cell', for: 'token' },
  {
    route: 'POST /v1/images',
    for: 'person',
    body: { image: 'AAAA', n: 1, lang: 'en' },
    bodyBytesMax: DESK_BODY_BYTES_MAX,
  },

  { route: 'POST /v1/session', for: 'anyone', body: { code: 'AAAA-AAAA-AAAA', name: 'sheet' } },
  { route: 'GET /v1/session', for: 'token' },
  { route: 'DELETE /v1/session', for: 'token' },
  { route: 'POST /v1/session/codes', for: 'owner', body: { name: 'x', role: 'seat', dailyCapPoints: 5 } },
  { route: 'POST /v1/session/rotate', for: 'person', body: { overlapHours: 1 } },
  {
    route: 'GET /v1/session/sheet',
    for: 'person',
    badQueries: ['spreadsheet=', 'spreadsheet=x', `spreadsheet=${'m'.repeat(43)}&seat=1`],
  },
  {
    route: 'POST /v1/session/sheet',
    for: 'person',
    body: { name: 'sheet', spreadsheet: 'm'.repeat(43), dailyCapPoints: 5 },
  },

  { route: 'POST /v1/pairings', for: 'anyone', body: { challenge: 'c'.repeat(43), name: 'sheet' } },
  { route: 'GET /v1/pairings/:challenge', for: 'person', object: aPairing, unknown: 'TC-450' },
  { route: 'POST /v1/pairings/:challenge/approve', for: 'person', object: aPairing, unknown: 'TC-450' },
  { route: 'POST /v1/pairings/:challenge/refuse', for: 'person', object: aPairing, unknown: 'TC-450' },

  { route: 'GET /v1/points', for: 'token' },
  {
    route: 'GET /v1/points/entries',
    for: 'token',
    badQueries: [...BAD_LIMITS, 'before=-1', 'before=x', 'before=1&before=2', 'after=1'],
  },
  {
    route: 'GET /v1/points/usage',
    for: 'owner',
    badQueries: ['from=2026-11-01', 'from=2026-11-31&to=2026-12-01', 'from=2026-11-01&to=2026-11-30&format=xlsx'],
  },
  {
    route: 'POST /v1/points/redeem',
    for: 'person',
    body: { code: 'TV-00000-00000-00000-00001' },
    bodyBytesMax: RECHARGE_BODY_BYTES_MAX,
  },
  {
    route: 'POST /v1/points/checkout',
    for: 'person',
    body: { requestId: 'r', cny: 10 },
    judged: 'cny',
    bodyBytesMax: RECHARGE_BODY_BYTES_MAX,
  },
  { route: 'GET /v1/points/recharges', for: 'person', badQueries: NO_PAGES },
  { route: 'GET /v1/points/recharges/:id', for: 'person', object: aRecharge, unknown: 'TC-242' },
  { route: 'GET /v1/points/return', for: 'anyone' },
  { route: 'GET /v1/points/cancelled', for: 'anyone' },
  { route: 'POST /v1/webhooks/stripe', for: 'anyone' },

  { route: 'GET /v1/seats', for: 'owner', badQueries: NO_PAGES },
  { route: 'POST /v1/seats', for: 'owner', body: { name: 'x', role: 'seat', dailyCapPoints: 5 } },
  {
    route: 'PATCH /v1/seats/:seat',
    for: 'owner',
    object: aSeat,
    unknown: 'TC-244',
    body: { name: 'y', dailyCapPoints: 6 },
  },
  { route: 'DELETE /v1/seats/:seat', for: 'owner', object: aSeat, unknown: 'TC-244' },
  {
    route: 'POST /v1/seats/:seat/rotate',
    for: 'owner',
    object: aSeat,
    unknown: 'TC-244',
    body: { overlapHours: 1 },
  },
  {
    route: 'GET /v1/audit',
    for: 'owner',
    badQueries: [...BAD_LIMITS, 'before=yesterday', 'all=1'],
  },

  { route: 'GET /v1/consultations', for: 'person', badQueries: NO_PAGES },
  {
    route: 'POST /v1/consultations',
    for: 'person',
    body: { requestId: 'r', confirm: true, productNameCn: '手机壳', images: [] },
    bodyBytesMax: DESK_BODY_BYTES_MAX,
  },
  { route: 'GET /v1/consultations/:form', for: 'person', object: aConsultation, unknown: 'TC-234' },
  {
    route: 'POST /v1/consultations/:form/messages',
    for: 'person',
    object: aConsultation,
    unknown: 'TC-234',
    body: { confirm: true, field: 'Ingredients', text: 'x' },
  },

  {
    route: 'GET /v1/memory',
    for: 'person',
    badQueries: [...BAD_LIMITS, 'after=-1', 'q=a&q=b', `q=${'x'.repeat(201)}`, 'q=%00', 'page=2'],
  },
  {
    route: 'POST /v1/memory',
    for: 'person',
    body: { entries: [{ description: 'cotton shirt', country: 'CA', code: '6109100012' }], source: 'api' },
    bodyBytesMax: MEMORY_BODY_BYTES_MAX,
  },
  { route: 'GET /v1/memory/export', for: 'person' },
  {
    route: 'POST /v1/memory/import',
    for: 'person',
    csv: 'description,country,code\ncotton shirt,CA,6109100012\n',
    badQueries: ['dryRun=true', 'dryRun', 'dryrun=1', 'skipBad=yes', 'dryRun=1&dryRun=0'],
    bodyBytesMax: MEMORY_CSV_BYTES_MAX,
  },
  { route: 'DELETE /v1/memory/:id', for: 'person', object: anApproval, unknown: 'TC-241' },

  {
    route: 'POST /v1/jobs/estimate',
    for: 'person',
    body: { questions: [{ id: 'r', fn: 'HSCODE', args: ['cotton shirt'] }], lang: 'en' },
    bodyBytesMax: JOB_BODY_BYTES_MAX,
  },
  {
    route: 'POST /v1/jobs',
    for: 'person',
    body: { requestId: 'r', name: 'x', questions: [{ id: 'r', fn: 'HSCODE', args: ['cotton shirt'] }], lang: 'en' },
    bodyBytesMax: JOB_BODY_BYTES_MAX,
  },
  { route: 'GET /v1/jobs', for: 'person', badQueries: [...BAD_LIMITS, ...BAD_IDS, 'after=x'] },
  { route: 'GET /v1/jobs/:job', for: 'person', object: aJob, unknown: 'TC-240' },
  {
    route: 'GET /v1/jobs/:job/rows',
    for: 'person',
    object: aJob,
    unknown: 'TC-240',
    badQueries: [...BAD_LIMITS, 'after=-1', 'after=x', 'state=lost', 'state=blank&state=open', 'before=1'],
  },
  { route: 'GET /v1/jobs/:job/events', for: 'person', object: aJob, unknown: 'TC-240' },
  { route: 'POST /v1/jobs/:job/pause', for: 'person', object: aJob, unknown: 'TC-240' },
  { route: 'POST /v1/jobs/:job/resume', for: 'person', object: aJob, unknown: 'TC-240' },
  { route: 'POST /v1/jobs/:job/cancel', for: 'person', object: aJob, unknown: 'TC-240' },
  { route: 'POST /v1/jobs/:job/retry', for: 'person', object: aJob, unknown: 'TC-240', body: { all: true } },

  { route: 'GET /v1/webhooks', for: 'owner', badQueries: NO_PAGES },
  { route: 'POST /v1/webhooks', for: 'owner', body: { url: PUBLIC_URL }, bodyBytesMax: WEBHOOK_BODY_BYTES_MAX },
  {
    route: 'PATCH /v1/webhooks/:id',
    for: 'owner',
    object: aWebhook,
    unknown: 'TC-243',
    body: { state: 'active' },
    bodyBytesMax: WEBHOOK_BODY_BYTES_MAX,
  },
  { route: 'DELETE /v1/webhooks/:id', for: 'owner', object: aWebhook, unknown: 'TC-243' },
  { route: 'POST /v1/webhooks/:id/rotate', for: 'owner', object: aWebhook, unknown: 'TC-243' },
  { route: 'POST /v1/webhooks/:id/test', for: 'owner', object: aWebhook, unknown: 'TC-243' },
  {
    route: 'GET /v1/webhooks/:id/deliveries',
    for: 'owner',
    object: aWebhook,
    unknown: 'TC-243',
    badQueries: [...BAD_LIMITS, ...BAD_IDS],
  },
  { route: 'POST /v1/webhooks/deliveries/:id/resend', for: 'owner', object: aDelivery, unknown: 'TC-243' },
  { route: 'POST /v1/webhooks/jiayou', for: 'anyone' },
  { route: 'POST /v1/webhooks/jiayou/:token', for: 'anyone' },
]

async function aWebhook({ house, workspaceId, ownerSeatId: actor }: Tenant): Promise<string> {
  const made = await house.webhooks.create({ workspaceId, actor }, { url: `${PUBLIC_URL}?${MARK}`, events: null })
  if (isFailure(made)) throw new Error(made.failed)
  return made.webhook.id
}

async function aDelivery(tenant: Tenant): Promise<string> {
  const { house, workspaceId, ownerSeatId: actor } = tenant
  const made = await house.webhooks.ping({ workspaceId, actor }, await aWebhook(tenant))
  if (isFailure(made)) throw new Error(made.failed)
  return made
}

/** It asks nothing, so that its stream of events has an end. */
async function aJob({ house, workspaceId, ownerSeatId: seatId }: Tenant): Promise<string> {
  const made = await house.jobs.create({
    workspaceId,
    seatId,
    requestId: `${MARK} ${workspaceId}`,
    name: `${MARK} job`,
    language: null,
    reader: 'en',
    questions: [{ id: MARK, fn: 'HSCODE', args: [''] }],
  })
  if (isFailure(made)) throw new Error(made.failed)
  return made.job.id
}

async function anApproval({ house, workspaceId, ownerSeatId: actor }: Tenant): Promise<string> {
  const facts = { material: '', use: '', gender: '', category: '' }
  const description = `${MARK} shirt`
  const keyHash = hashOf(description, facts)
  const entry = { description, facts, keyHash, country: 'CA', code: '6109100012', note: MARK }
  const entries = [entry]
  const made = await house.memory.approvals.approve({ workspaceId, actor, source: 'api', entries, leaveSame: false })
  if (isFailure(made)) throw new Error(made.failed)
  return made[0]!.id
}

async function aRecharge({ house, workspaceId, ownerSeatId: seatId }: Tenant): Promise<string> {
  const made = await house.recharges.open({ workspaceId, seatId }, { requestId: MARK, cny: 10 })
  if (isFailure(made)) throw new Error(made.failed)
  return made.id
}

/** Takes orders, and says nothing of them. */
const MUTE_SERVICE: PaymentService = {
  name: 'stripe',
  createCheckout: async ({ rechargeId }) => ({ ref: `cs_${rechargeId}`, url: `https://pay.test/${rechargeId}` }),
  fetchStatus: async () => failure('payment-unreachable'),
  readEvent: () => failure('bad-signature'),
}

async function aSeat({ house, workspaceId }: Tenant): Promise<string> {
  const { id } = await house.seats.createSeat({ workspaceId, name: `${MARK} seat`, role: 'seat', dailyCapPoints: 7 })
  return id
}

async function aPairing({ house, workspaceId, ownerToken }: Tenant): Promise<string> {
  const challenge = hash('sha256', workspaceId, 'base64url')
  await house.pairings.begin(challenge, `${MARK} sheet`)
  await house.pairings.decide(challenge, 'approved', (await house.seats.authenticate(ownerToken))!)
  return challenge
}

async function aConsultation({ house, workspaceId, ownerSeatId: seatId }: Tenant): Promise<string> {
  const product = { productNameCn: `${MARK} 手机壳`, images: [] }
  const wish = { requestId: `${MARK} ${workspaceId}`, confirm: true }
  const made = await house.consultations.create({ workspaceId, seatId }, wish, product)
  if (isFailure(made)) throw new Error(made.failed)
  return made.form
}

/** One workspace, as the makers of objects see it. */
export interface Tenant {
  house: House
  workspaceId: string
  ownerSeatId: string
  ownerToken: string
}

export interface WalledHouse {
  house: House
  askers: Awaited<ReturnType<typeof openUpstreamHouse>>['askers']
  ownerTokens: [string, string]
  /** Whose texts hold {@link MARK}. */
  one: Tenant
  two: Tenant
  objectOf(wall: Wall, tenant: Tenant): Promise<string>
  close(): Promise<void>
}

/** The whole house with two workspaces, an expert desk, and at least one object of each kind in workspace one. */
export async function openWalledHouse(): Promise<WalledHouse> {
  const hsciq = await startHsciqSimulator({ formsPerDay: 10_000 })
  const upstreamHouse = await openUpstreamHouse({ points: 1000, paymentServices: [MUTE_SERVICE] })
  const { house, askers, ownerTokens } = upstreamHouse
  await upstreamHouse.connect('hsciq', { key: HSCIQ_KEY }, hsciq.url)
  const [one, two] = ([0, 1] as const).map((at) => ({
    house,
    workspaceId: askers[at].workspaceId,
    ownerSeatId: askers[at].seatId,
    ownerToken: ownerTokens[at],
  })) as [Tenant, Tenant]
  await house.seats.renameWorkspace(one.workspaceId, `${MARK} workspace`)
  await house.ledger.credit({ workspaceId: one.workspaceId, kind: 'grant', ref: `${MARK} grant`, points: 1 })

  const made = new Map<NonNullable<Wall['object']>, Map<Tenant, Promise<string>>>()
  const objectOf = async ({ object }: Wall, tenant: Tenant): Promise<string> => {
    if (!object) return ''
    const ofKind = made.get(object) ?? new Map<Tenant, Promise<string>>()
    made.set(object, ofKind)
    const id = ofKind.get(tenant) ?? object(tenant)
    ofKind.set(tenant, id)
    return id
  }
  for (const wall of WALLS) await objectOf(wall, one)
  return {
    house,
    askers,
    ownerTokens,
    one,
    two,
    objectOf,
    async close() {
      await upstreamHouse.close()
      await hsciq.close()
    },
  }
}

/** Every route of an app, as `METHOD /path`, from Express's own stacks. */
export function routesOf(express: Express): string[] {
  return collect((express as unknown as { router: Stack }).router, '')
}

interface Stack {
  stack?: readonly Layer[]
}

interface Layer {
  rawPath: unknown
  handle: Stack
  route?: { path: unknown; methods: Record<string, boolean> }
}

function collect({ stack = [] }: Stack, prefix: string): string[] {
  return stack.flatMap(({ rawPath, handle, route }) => {
    if (route) {
      const methods = Object.keys(route.methods).filter((method) => route.methods[method])
      return methods.map((method) => `${method.toUpperCase()} ${join(prefix, route.path)}`)
    }
    return handle.stack ? collect(handle, join(prefix, rawPath)) : []
  })
}

function join(prefix: string, path: unknown): string {
  // Another form of path would go unseen through the walls.
  if (typeof path !== 'string') throw new Error(`a path below ${prefix} that is no text: ${String(path)}`)
  return path === '/' ? prefix : prefix + path
}

export function methodOf({ route }: Wall): string {
  return route.split(' ')[0]!
}

/** The path with an id in the place of its parameter. */
export function pathOf({ route }: Wall, id: string): string {
  return route.split(' ')[1]!.replace(/:\w+/, encodeURIComponent(id))
}

export function bytesMaxOf({ bodyBytesMax = BODY_BYTES_MAX }: Wall): number {
  return bodyBytesMax
}
