/** Numbers for Prometheus. No label holds a workspace, a token or the text of a cell. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Gatherers } from './answer/gather.ts'
import type { Submissions } from './answer/submissions.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Connections } from './providers/connections.ts'
import type { Recharges } from './recharge/recharges.ts'
import type { Recorded } from './webhooks/attempts.ts'

export interface MetricsDeps {
  gatherers: Pick<Gatherers, 'load'>
  connections: Pick<Connections, 'states'>
  cacheEntries: () => number
  jobs?: Pick<Jobs, 'load'>
  submissions?: Pick<Submissions, 'countUnknown'>
  recharges?: Pick<Recharges, 'counts'>
}

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics({ gatherers, connections, cacheEntries, jobs, submissions, recharges }: MetricsDeps) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const batches = new Counter({ name: 'tariffcell_batches_total', help: 'Batches received', registers: [registry] })
  const questions = new Counter({
    name: 'tariffcell_questions_total',
    help: 'Questions received',
    registers: [registry],
  })
  const calls = new Histogram({
    name: 'tariffcell_provider_call_seconds',
    help: 'Time of one provider call',
    labelNames: ['provider', 'outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  })
  const inquiries = new Counter({
    name: 'tariffcell_provider_inquiries_total',
    help: 'Inquiries sent to providers',
    labelNames: ['provider', 'outcome'],
    registers: [registry],
  })
  const expired = new Counter({
    name: 'tariffcell_holds_expired_total',
    help: 'Holds nobody resolved',
    registers: [registry],
  })
  const jobRows = new Counter({
    name: 'tariffcell_job_rows_total',
    help: 'Rows of bulk jobs whose answer was written',
    registers: [registry],
  })
  if (jobs) gaugeJobs(registry, jobs)
  if (submissions) gaugeUnknown(registry, submissions)
  if (recharges) gaugeRecharges(registry, recharges)
  const violations = new Gauge({
    name: 'tariffcell_ledger_violations',
    help: 'What does not add up in the ledger, when it was last looked at; NaN before that',
    registers: [registry],
  })
  violations.set(Number.NaN)
  const openHolds = new Gauge({
    name: 'tariffcell_holds_open',
    help: 'Holds that are not resolved, when they were last counted',
    registers: [registry],
  })
  openHolds.set(Number.NaN)
  const deliveries = new Counter({
    name: 'tariffcell_webhook_attempts_total',
    help: 'Webhook attempts by what became of the delivery',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const disabled = new Counter({
    name: 'tariffcell_webhooks_disabled_total',
    help: 'Webhooks that the sender disabled',
    labelNames: ['reason'],
    registers: [registry],
  })
  gauge(registry, 'tariffcell_remembered_answers', 'Answers in memory', cacheEntries)
  gauge(
    registry,
    'tariffcell_waiting_inquiries',
    'Inquiries waiting for a provider call',
    () => gatherers.load().waiting,
  )
  const paused: Gauge = new Gauge({
    name: 'tariffcell_upstream_paused_connections',
    help: 'Connections whose upstream failed in a row and is left alone',
    labelNames: ['upstream'],
    registers: [registry],
    collect() {
      paused.reset()
      for (const { upstream, state } of connections.states()) paused.inc({ upstream }, state === 'closed' ? 0 : 1)
    },
  })

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    batch(count: number): void {
      batches.inc()
      questions.inc(count)
    },
    call(provider: string, count: number, seconds: number, outcome: 'ok' | 'failed'): void {
      calls.observe({ provider, outcome }, seconds)
      inquiries.inc({ provider, outcome }, count)
    },
    ledgerViolations(count: number): void {
      violations.set(count)
    },
    holdsOpen(count: number): void {
      openHolds.set(count)
    },
    webhookAttempt({ outcome, disabled: reason }: Recorded): void {
      deliveries.inc({ outcome })
      if (reason) disabled.inc({ reason })
    },
    holdsExpired(count: number): void {
      expired.inc(count)
    },
    jobRowsAnswered(count: number): void {
      jobRows.inc(count)
    },
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(read()) })
}

/** Of all processes on the database: each of them tells the same. */
function gaugeJobs(registry: Registry, jobs: Pick<Jobs, 'load'>): void {
  // A database that is away takes its own numbers down, and no others.
  const load = () => jobs.load().catch(() => null)
  const open: Gauge = new Gauge({
    name: 'tariffcell_jobs_open',
    help: 'Bulk jobs that are not finished',
    registers: [registry],
    async collect() {
      const now = await load()
      if (now) open.set(now.open)
    },
  })
  const chunks: Gauge = new Gauge({
    name: 'tariffcell_job_chunks',
    help: 'Chunks of bulk jobs that are not done',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      const now = await load()
      if (now) for (const state of ['queued', 'leased', 'paused'] as const) chunks.set({ state }, now[state])
    },
  })
}

/** Likewise. */
function gaugeUnknown(registry: Registry, submissions: Pick<Submissions, 'countUnknown'>): void {
  const count = () => submissions.countUnknown().catch(() => null)
  const submits: Gauge = new Gauge({
    name: 'tariffcell_submits_unknown',
    help: 'Submits of large jobs of which it never became known whether the upstream took them',
    registers: [registry],
    async collect() {
      const now = await count()
      if (now) submits.set(now.submissions)
    },
  })
  const questions: Gauge = new Gauge({
    name: 'tariffcell_submit_questions_unknown',
    help: 'Questions in these: the upstream may have charged for them',
    registers: [registry],
    async collect() {
      const now = await count()
      if (now) questions.set(now.questions)
    },
  })
}

/** Likewise of all processes. */
function gaugeRecharges(registry: Registry, recharges: Pick<Recharges, 'counts'>): void {
  const counts = () => recharges.counts().catch(() => null)
  const came: Gauge = new Gauge({
    name: 'tariffcell_recharges',
    help: 'Recharges that ever came so far',
    labelNames: ['to'],
    registers: [registry],
    async collect() {
      const now = await counts()
      if (now) for (const to of ['started', 'paid', 'refunded', 'disputed'] as const) came.set({ to }, now[to])
    },
  })
  const refused: Gauge = new Gauge({
    name: 'tariffcell_payment_events_refused',
    help: 'What payment services told that does not fit a recharge',
    registers: [registry],
    async collect() {
      const now = await counts()
      if (now) refused.set(now.refused)
    },
  })
  const open: Gauge = new Gauge({
    name: 'tariffcell_disputes_open',
    help: 'Disputed payments that are not decided',
    registers: [registry],
    async collect() {
      const now = await counts()
      if (now) open.set(now.openDisputes)
    },
  })
}
