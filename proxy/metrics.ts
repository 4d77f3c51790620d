/** Numbers for Prometheus. No label holds a workspace, a token or the text of a cell. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Gatherers } from './answer/gather.ts'
import type { Connections } from './providers/connections.ts'

export interface MetricsDeps {
  gatherers: Pick<Gatherers, 'load'>
  connections: Pick<Connections, 'states'>
  cacheEntries: () => number
}

export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics({ gatherers, connections, cacheEntries }: MetricsDeps) {
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
    holdsExpired(count: number): void {
      expired.inc(count)
    },
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(read()) })
}
