/** What a run would do and cost, read from the sheet and asked of the proxy. */
import { failure } from '../../error-codes.ts'
import type { EstimateReply } from '../../jobs-protocol.ts'
import type { Language } from '../../language.ts'
import { printFailure } from '../../print-failure.ts'
import type { AnswerError } from '../../protocol.ts'
import { isRefused } from '../proxy-api.ts'
import type { Bulk } from './bulk-runs.ts'
import type { OtherRun } from './other-runs.ts'
import type { RunPlan, RunSetup } from './plan-run.ts'
import { setupOf, type Draft } from './run-draft.ts'

export interface Preview {
  draft: Draft
  plan: RunPlan
  /** null: there is no row to ask about. */
  estimate: EstimateReply | null
  other: OtherRun | null
}

/** @param overwrite null: as the rows suggest; those that failed or changed are there to be replaced. */
export async function previewRun(
  bulk: Pick<Bulk, 'plan' | 'estimate' | 'otherRun'>,
  draft: Draft,
  overwrite: RunSetup['overwrite'] | null,
  language: Language,
): Promise<Preview | { error: AnswerError }> {
  const suggested = draft.scope === 'failed' || draft.scope === 'changed' ? 'replace' : 'keep'
  const setup = setupOf(draft, overwrite ?? suggested, language)
  if (!setup) return { error: printFailure(failure('nothing-selected'), language) }
  const plan = await bulk.plan(setup)
  if (plan.rows.length === 0) return { draft, plan, estimate: null, other: null }
  const [estimate, other] = await Promise.all([bulk.estimate(plan), bulk.otherRun(plan)])
  return isRefused(estimate) ? { error: estimate.error } : { draft, plan, estimate, other }
}
