/** The pane's bulk runs: one at a time, outliving the view, and what is left of it outliving the pane. */
import type { Clock } from '../../clock.ts'
import { failure, FailureError, isFailure } from '../../error-codes.ts'
import type { Language } from '../../language.ts'
import { printFailure } from '../../print-failure.ts'
import { observable, type Observable } from '../observable.ts'
import type { PaneShelf, PaneStore } from '../pane-deps.ts'
import { isRefused, type ProxyApi, type Reply } from '../proxy-api.ts'
import type { Place, SpreadsheetHost } from '../spreadsheet-host.ts'
import type { Bulk, BulkState, LeftOver, Undoable, Undone } from './bulk-runs.ts'
import type { Classified } from './classified.ts'
import { createCalledOff, findJob, type CalledOff } from './called-off.ts'
import { createLearned, fetchCode } from './fetch-details.ts'
import { cellsOf } from './fill-cells.ts'
import { followRows } from './follow-rows.ts'
import { holdRun, type Locks } from './hold-run.ts'
import { createKeptRuns, keptRunOf, printKeptRun, readKeptRun, type KeptRun, type KeptRuns } from './kept-run.ts'
import { otherRunIn, requestIdIn } from './other-runs.ts'
import { OUTPUT_HEADERS, OUTPUTS } from './output-columns.ts'
import { planRun, questionOf, readCells, type LastRun, type RunPlan } from './plan-run.ts'
import { titleOf } from './read-selection.ts'
import { receiptOf } from './receipt.ts'
import { replanRun } from './replan-run.ts'
import {
  createRun,
  jobNameOf,
  runBulk,
  type BulkRun,
  type RunEnd,
  type RunProgress,
  type RunSignals,
  type Workspace,
} from './run-bulk.ts'
import type { Draft } from './run-draft.ts'
import { createRunUndo, HEADER_N } from './undo-run.ts'
import { writeRows, type RowToWrite } from './write-rows.ts'

export interface BulkDeps {
  host: SpreadsheetHost
  api: ProxyApi
  store: PaneStore
  shelf: PaneShelf
  clock: Clock
  newId: () => string
  language: Observable<Language>
  /** Something about the connection or the points has changed: whoever waits looks again. @returns what takes the listener off. */
  onConnection: (listener: () => void) => () => void
  /** The workspace that is connected. */
  workspace: () => Promise<Reply<Workspace>>
  refresh: () => Promise<void>
  refreshPoints: () => Promise<void>
  balance: () => number | null
  locks: Locks | null
}

/** A refusal of the proxy where a promise has no other way to tell. */
export class RefusedError extends Error {
  override name = 'RefusedError'
}

/** What is known of the run at hand, beside the run itself. */
interface Current {
  run: BulkRun
  facts: Pick<KeptRun, 'workspace' | 'title' | 'startedAt' | 'balanceBefore' | 'estimated'>
}

export function createBulk(deps: BulkDeps): Bulk {
  const { host, api, clock, language, shelf } = deps
  const rows = observable<readonly Classified[]>([])
  const title = observable('')
  const state = observable<BulkState>({ kind: 'idle' })
  const draft = observable<Draft | null>(null)
  const last = observable<LastRun | null>(null)
  const leftOver = observable<LeftOver | null>(null)
  const undoable = observable<Undoable | null>(null)
  const signals: RunSignals = { isClosed: false, wants: 'go-on', wake: () => {} }
  const calledOff = createCalledOff({ store: deps.store, api, workspace: deps.workspace })
  const offConnection = deps.onConnection(() => {
    signals.wake()
    void calledOff.tell()
  })
  let current: Current | null = null

  async function keptRuns(): Promise<KeptRuns> {
    return createKeptRuns(deps.store, await host.workbookKey())
  }
  function showProgress(change: Partial<RunProgress>): void {
    const before = state.get()
    const isNewlyPoor =
      change.hold?.reason === 'no-points' && before.kind === 'running' && before.progress.hold?.reason !== 'no-points'
    if (isNewlyPoor) void deps.refreshPoints()
    state.update((now) => (now.kind === 'running' ? { ...now, progress: { ...now.progress, ...change } } : now))
  }
  function showRows(): void {
    if (!current) return
    rows.set([...current.run.rows])
    const count = (writing: Classified['writing']): number =>
      current!.run.rows.reduce((sum, row) => sum + (row.writing === writing ? 1 : 0), 0)
    showProgress({ written: count('written'), moved: count('moved') })
  }

  /** From now on until it is over; nobody waits for it. */
  function begin(given: Current, letGo: () => void, kept: KeptRuns): void {
    current = given
    signals.wants = 'go-on'
    title.set(given.facts.title)
    state.set({ kind: 'running', progress: firstProgress(given) })
    showRows()
    void goThrough(given, kept)
      .catch((thrown: unknown) => {
        console.error(thrown)
        return {
          kind: 'broken' as const,
          spent: 0,
          error: printFailure(failure('bug', { id: 'pane' }), language.get()),
        }
      })
      .then((end) => conclude(given, kept, end))
      .finally(letGo)
  }

  async function goThrough({ run, facts }: Current, kept: KeptRuns): Promise<RunEnd> {
    try {
      await writeHeaders(run)
    } catch (thrown) {
      if (!(thrown instanceof FailureError)) throw thrown
      return { kind: 'broken', spent: 0, error: printFailure(thrown.failure, language.get()) }
    }
    return runBulk(
      {
        api,
        host,
        clock,
        language: () => language.get(),
        kept,
        owner: facts.workspace,
        workspace: deps.workspace,
        refresh: deps.refresh,
        onProgress: showProgress,
        onRows: showRows,
        signals,
      },
      run,
    )
  }

  async function writeHeaders(run: BulkRun): Promise<void> {
    const { outputs, headerRow, language: spoken } = run.plan.setup
    if (headerRow === null) return
    const headers = OUTPUT_HEADERS[spoken]
    const sight = await run.follow.look()
    const { sheet, headerRow: row } = sight
    const placed = OUTPUTS.flatMap((output) => {
      const column = outputs[output] === null ? null : sight.columnOf(outputs[output])
      return column === null ? [] : [{ output, column }]
    })
    if (row === null || placed.length === 0) return
    const first = Math.min(...placed.map(({ column }) => column))
    const last = Math.max(...placed.map(({ column }) => column))
    const [names = []] = await host.read({ sheet, row, rows: 1, column: first, columns: last - first + 1 })
    const unnamed: typeof placed = []
    for (const one of placed) {
      const isNamed = (names[one.column - first] ?? '') !== ''
      if (!isNamed && !(await isLocked(host, { sheet, row, rows: 1, column: one.column, columns: 1 })))
        unnamed.push(one)
    }
    if (unnamed.length === 0) return
    const written = {
      n: HEADER_N,
      at: HEADER_N,
      guard: [],
      cells: unnamed.map(({ output }) => ({
        column: outputs[output]!,
        format: 'text' as const,
        value: headers[output],
      })),
    }
    await run.undo.remember(sight, [{ row, written }])
    await host.write({
      sheet,
      columns: unnamed.map(({ column }) => ({ column, format: 'text' })),
      guardColumns: [],
      rows: [{ row, guard: [], values: unnamed.map(({ output }) => headers[output]) }],
    })
    run.undo.wrote([written])
  }

  async function conclude({ run, facts }: Current, kept: KeptRuns, end: RunEnd): Promise<void> {
    if (end.kind === 'closed') return
    // Mostly the proxy knows already, and then says so.
    if (end.kind === 'stopped') void callOff({ ...run, workspaceId: facts.workspace.id })
    // What could not be finished can be gone on with; what was never begun is begun anew.
    if (end.kind !== 'broken' || run.jobId === null) kept.forget()
    kept.keepLast(lastRunOf(run, kept.readLast()))
    last.set(kept.readLast())
    await deps.refreshPoints()
    const connected = await deps.workspace()
    const isElsewhere = isRefused(connected) || connected.id !== facts.workspace.id
    rows.set([...run.rows])
    const { blanks, keptRows } = run.plan
    state.set({
      kind: 'over',
      undone: null,
      receipt: receiptOf(
        {
          title: facts.title,
          startedAt: facts.startedAt,
          endedAt: clock.now(),
          isStopped: end.kind !== 'finished',
          error: end.kind === 'broken' ? end.error : null,
          blanks,
          keptRows,
          spent: end.spent,
          balanceBefore: facts.balanceBefore,
          balanceAfter: isElsewhere ? null : deps.balance(),
        },
        run.rows,
      ),
    })
    await recall()
  }

  async function callOff({ requestId, jobId, workspaceId }: CalledOff): Promise<void> {
    calledOff.add({ requestId, jobId, workspaceId })
    await calledOff.tell()
  }

  async function recall(): Promise<void> {
    const kept = await keptRuns()
    last.set(kept.readLast())
    const found = state.get().kind === 'running' ? null : kept.read()
    leftOver.set(
      found && {
        title: found.run.title,
        rows: found.run.ats.length,
        dealtWith: found.progress.dealtWith.reduce((sum, one) => sum + one, 0),
      },
    )
    // A run that goes on takes over what can be undone of it, and one of this pane has its own way back.
    const written = found || current || undoable.get()?.undone ? null : await readUndo()
    undoable.set(written && { ...written.about, undone: null })
  }

  /** Writes what a decision changes of a row, behind the guard of its run. */
  async function putRow(given: Current, row: Classified): Promise<'written' | 'moved'> {
    const { setup, rows: planned } = given.run.plan
    const { at, guard, kept } = planned[row.n]!
    const cells = cellsOf(
      setup,
      row,
      kept.filter((column) => column !== setup.outputs.code),
      ['code', 'label', 'mfn', 'best', 'review'],
    )
    const outcome = await writeRow(given, { n: row.n, at, guard, cells })
    if (outcome === 'moved') return 'moved'
    given.run.rows[row.n] = { ...row, writing: 'written' }
    rows.set([...given.run.rows])
    return 'written'
  }

  const undoName = async (): Promise<string> => `undo.bulk.${await host.workbookKey()}`

  /** @returns null where nothing is kept that can be undone. */
  async function readUndo(): Promise<{ run: KeptRun; texts: string[]; about: Omit<Undoable, 'undone'> } | null> {
    const [first = '', ...texts] = await shelf.read(await undoName())
    const run = readKeptRun(first)
    if (!run) return null
    const undo = createRunUndo(host, () => {})
    undo.load(texts)
    const { title, startedAt } = run
    return undo.written > 0 ? { run, texts, about: { title, startedAt, cells: undo.written } } : null
  }

  async function undoAndRelease({ undo, follow }: BulkRun): Promise<Undone> {
    try {
      return await undo.undo(follow)
    } finally {
      await follow.release()
    }
  }

  async function hold(): Promise<() => void> {
    const letGo = await holdRun(deps.locks, await host.workbookKey())
    if (!letGo || state.get().kind === 'running') {
      letGo?.()
      throw new FailureError(failure('run-elsewhere'))
    }
    return letGo
  }

  async function makeRun(plan: RunPlan, requestId: string, rowsBelow = 0): Promise<BulkRun> {
    const { setup } = plan
    const follow = await followRows({
      host,
      sheet: setup.sheet,
      firstRow: setup.firstRow,
      keys: plan.keys,
      rowsBelow,
      headerRow: setup.headerRow,
      guardColumns: plan.guardColumns,
      outputColumns: OUTPUTS.map((output) => setup.outputs[output]).filter((column) => column !== null),
    })
    await current?.run.follow.release()
    const name = await undoName()
    return createRun({ requestId, plan, follow, undo: createRunUndo(host, (text) => void shelf.add(name, text)) })
  }

  /** Holds the workbook while `work` makes ready, and lets go of it unless a run has begun. */
  async function withHold<Result>(work: (letGo: () => void) => Promise<Result>): Promise<Result> {
    const letGo = await hold()
    try {
      return await work(letGo)
    } finally {
      if (state.get().kind !== 'running') letGo()
    }
  }

  async function writeRow(one: Current, row: RowToWrite): Promise<'written' | 'moved'> {
    const outcome = await writeRows(
      {
        host,
        clock,
        rows: one.run.follow,
        guardColumns: one.run.plan.guardColumns,
        // One row of a person's need not wait its turn.
        pace: { lastAt: null },
        remember: (sight, some) => one.run.undo.remember(sight, some),
        onWritten: (some) => one.run.undo.wrote(some),
      },
      [row],
    )
    return outcome.written.length > 0 ? 'written' : 'moved'
  }

  return {
    rows,
    title,
    state,
    draft,
    last,
    leftOver,
    undoable,
    recall,

    async plan(setup, signal) {
      const cells = await readCells({ host, setup }, signal ? { signal } : {})
      const plan = planRun(setup, cells, last.get())
      if (isFailure(plan)) throw new FailureError(plan)
      await assertMayFill(host, plan)
      return plan
    },
    estimate: (plan) => api.estimate(plan.rows.map(questionOf)),
    async otherRun({ setup }) {
      const [reply, workbookKey] = [await api.jobs(), await host.workbookKey()]
      if (isRefused(reply)) return null
      const own = createKeptRuns(deps.store, workbookKey).read()?.run.requestId ?? null
      return otherRunIn(reply.jobs, workbookKey, jobNameOf(setup), own)
    },

    start: (plan, estimate) =>
      withHold(async (letGo) => {
        const workspace = await deps.workspace()
        if (isRefused(workspace)) return workspace
        const kept = await keptRuns()
        const requestId = requestIdIn(await host.workbookKey(), deps.newId())
        const run = await makeRun(plan, requestId)
        const facts = {
          workspace,
          title: titleOf(plan.setup, plan.setup.inputs.description),
          startedAt: clock.now(),
          balanceBefore: estimate.balance,
          estimated: estimate.points,
        }
        // Before it is sent: a pane that dies now finds it, and asks for this same job.
        const keptRun = keptRunOf(plan, { requestId, ...facts })
        kept.keep(keptRun)
        kept.keepProgress({ jobId: null, dealtWith: run.dealtWith })
        const name = await undoName()
        // In its turn, and not waited for: a disk that hangs holds up no run.
        void shelf.clear(name)
        void shelf.add(name, printKeptRun(keptRun))
        leftOver.set(null)
        undoable.set(null)
        begin({ run, facts }, letGo, kept)
      }),
    pause() {
      signals.wants = 'pause'
      showProgress({ isPausing: true })
      signals.wake()
    },
    resume() {
      signals.wants = 'go-on'
      showProgress({ isPausing: false })
      signals.wake()
    },
    stop() {
      signals.wants = 'stop'
      showProgress({ isStopping: true })
      const jobId = current?.run.jobId ?? null
      // At once, because the run may be waiting for the spreadsheet; the run itself looks how that ended.
      if (jobId !== null) void api.cancelJob(jobId).finally(() => signals.wake())
      signals.wake()
    },

    continueLeftOver: () =>
      withHold(async (letGo) => {
        const kept = await keptRuns()
        const found = kept.read()
        if (!found) return
        const made =
          found.progress.jobId === null ? await findJob(api, found.run.requestId) : { id: found.progress.jobId }
        if (isRefused(made)) return { error: made.error }
        const { plan, rowsBelow } = await replanRun(host, found.run)
        const run = await makeRun(plan, found.run.requestId, rowsBelow)
        // Where the pane went before its job was made, it is made now.
        run.jobId = made.id
        run.dealtWith.set(found.progress.dealtWith)
        const written = await readUndo()
        if (written?.run.requestId === run.requestId) run.undo.load(written.texts)
        leftOver.set(null)
        begin({ run, facts: found.run }, letGo, kept)
      }),
    // Held, because it may not be left over at all: another window may be at it.
    forgetLeftOver: () =>
      withHold(async () => {
        const kept = await keptRuns()
        const found = kept.read()
        kept.forget()
        if (found) {
          const { requestId, workspace } = found.run
          await callOff({ requestId, jobId: found.progress.jobId, workspaceId: workspace.id })
        }
        await recall()
      }),

    retry: () =>
      withHold(async (letGo) => {
        const given = current
        const jobId = given?.run.jobId ?? null
        if (!given || jobId === null) return
        const reply = await api.retryJob(jobId, true)
        if (isRefused(reply)) return reply
        const { run } = given
        for (const row of run.rows) {
          if (row.code !== null || row.writing === 'undone') continue
          run.dealtWith[row.n] = 0
          run.rows[row.n] = { ...row, error: null, reviews: [], writing: 'not-yet' }
        }
        const kept = await keptRuns()
        kept.keep(keptRunOf(run.plan, { requestId: run.requestId, ...given.facts }))
        kept.keepProgress({ jobId, dealtWith: run.dealtWith })
        begin(given, letGo, kept)
      }),

    async undo() {
      const now = state.get()
      if (!current || now.kind !== 'over') return
      const { run } = current
      const undone = await run.undo.undo(run.follow)
      run.rows = run.rows.map((row) => (row.writing === 'written' ? { ...row, writing: 'undone' } : row))
      rows.set([...run.rows])
      // Said when it is true for a pane that is opened next, too.
      await shelf.clear(await undoName()).finally(() => state.set({ ...now, undone }))
    },
    canUndo: () => state.get().kind === 'over' && (current?.run.undo.written ?? 0) > 0,
    undoKept: () =>
      withHold(async () => {
        const found = await readUndo()
        if (!found) return
        const { plan, rowsBelow } = await replanRun(host, found.run)
        const run = await makeRun(plan, found.run.requestId, rowsBelow)
        run.undo.load(found.texts)
        const undone = await undoAndRelease(run)
        await shelf.clear(await undoName()).finally(() => undoable.set({ ...found.about, undone }))
      }),
    async forgetUndo() {
      undoable.set(null)
      await shelf.clear(await undoName())
    },

    clear() {
      if (state.get().kind === 'over') state.set({ kind: 'idle' })
    },

    async decide(n, code, decision) {
      const given = current
      const planned = given?.run.plan.rows[n]
      const row = given?.run.rows[n]
      if (!given || !planned || !row) return 'moved'
      const { outputs, language: spoken } = given.run.plan.setup
      const { country, origin } = planned.goods
      const about = await fetchCode(
        { api, language: spoken, learned: given.run.learned ?? createLearned() },
        { code, country, origin },
        outputs.best !== null,
      )
      if (isRefused(about)) throw new RefusedError(about.error.message)
      const decided: Classified = {
        ...row,
        code,
        label: about.label,
        mfn: about.mfn,
        mfnText: about.mfnText,
        best: about.best,
        error: null,
        reviews: [],
        decision,
      }
      return putRow(given, decided)
    },
    async takeBack(before) {
      return current ? putRow(current, before) : 'moved'
    },
    async goToRow(n) {
      const given = current
      const planned = given?.run.plan.rows[n]
      if (!given || !planned) return
      const sight = await given.run.follow.look()
      const row = sight.rowOf(planned.at)
      const column = sight.columnOf(given.run.plan.setup.inputs.description)
      if (row === null || column === null) throw new FailureError(failure('place-gone'))
      await host.goTo({ sheet: sight.sheet, row, rows: 1, column, columns: 1 })
    },

    close() {
      signals.isClosed = true
      signals.wake()
      offConnection()
    },
  }
}

/** A header that may not be written is done without. */
async function isLocked(
  host: Pick<SpreadsheetHost, 'assertMayWrite'>,
  { sheet, row, column }: Place,
): Promise<boolean> {
  try {
    await host.assertMayWrite({ sheet, column, rows: [row] })
    return false
  } catch (thrown) {
    if (thrown instanceof FailureError && thrown.failure.failed === 'sheet-protected') return true
    throw thrown
  }
}

/** Said before anything is paid. @throws {FailureError} `sheet-protected` */
async function assertMayFill(host: Pick<SpreadsheetHost, 'assertMayWrite'>, { setup, rows }: RunPlan): Promise<void> {
  for (const output of OUTPUTS) {
    const column = setup.outputs[output]
    if (column === null) continue
    const filled = rows.filter(({ kept }) => !kept.includes(column)).map(({ at }) => setup.firstRow + at)
    await host.assertMayWrite({ sheet: setup.sheet, column, rows: filled })
  }
}

function firstProgress({ run, facts }: Current): RunProgress {
  return {
    title: facts.title,
    rows: run.rows.length,
    answered: 0,
    written: 0,
    moved: 0,
    failed: 0,
    spent: 0,
    estimated: facts.estimated,
    secondsLeft: null,
    hold: null,
    isPausing: false,
    isStopping: false,
  }
}

/** What was classified before stays known, where this run did not touch it. */
function lastRunOf(run: BulkRun, before: LastRun | null): LastRun {
  const done = new Set<string>()
  const failed = new Set<string>()
  for (const { n, at } of run.plan.rows) {
    const { code, error } = run.rows[n]!
    if (code !== null) done.add(run.plan.keys[at]!)
    else if (error) failed.add(run.plan.keys[at]!)
  }
  for (const key of before?.done ?? []) if (!failed.has(key)) done.add(key)
  for (const key of before?.failed ?? []) if (!done.has(key)) failed.add(key)
  return { done, failed }
}
