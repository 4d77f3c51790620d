/**
 * Questions to an upstream's experts. A deployment's credential serves many workspaces, so which workspace asked is kept here, and
 * each sees its own only. Creating acts in a person's name: it wants a confirmation, and the same request creates once.
 */
import { failure, isFailure, type Failure } from '../../shared/error-codes.ts'
import type { Database } from '../database.ts'
import type { Connections } from '../providers/connections.ts'
import { ProviderError } from '../providers/provider.ts'
import type { Consultation, ConsultationDraft, ExpertDesk } from '../providers/upstream.ts'

export interface ConsultationsDeps {
  database: Database
  connections: Pick<Connections, 'desk'>
  now: () => number
}

export type ListedConsultation = Omit<Consultation, 'status'> & { status: string | null }
export type Consultations = ReturnType<typeof createConsultations>

// An expert's page is asked once, and nobody waits at a cell for it.
const DESK_TIMEOUT_MS = 60_000
const LISTED_MAX = 100
// In the place of a form's number, until the desk has given one.
const CLAIM = 'pending '
const UNCONFIRMED = 'unconfirmed '

interface Row {
  form: string
  product: string
  created_at: number
}

export function createConsultations({ database, connections, now }: ConsultationsDeps) {
  const rowOf = (workspaceId: string, form: string): Promise<Row | undefined> =>
    database.get<Row>('SELECT form, product, created_at FROM consultation WHERE workspace_id = $1 AND form = $2', [
      workspaceId,
      form,
    ])

  /** A workspace with a credential of its own sees all its forms; through the deployment's it sees those it made. */
  const mayRead = async (workspaceId: string, form: string): Promise<boolean> => {
    const found = connections.desk(workspaceId)
    if (isFailure(found)) return false
    return found.own || (await rowOf(workspaceId, form)) !== undefined
  }

  const atDesk = async <Result>(
    workspaceId: string,
    act: (desk: ExpertDesk, signal: AbortSignal) => Promise<Result | Failure>,
  ): Promise<Result | Failure> => {
    const found = connections.desk(workspaceId)
    if (isFailure(found)) return found
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), DESK_TIMEOUT_MS)
    try {
      return await act(found.desk, controller.signal)
    } catch (error) {
      if (error instanceof ProviderError) return error.failure
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    mayRead,

    async list(workspaceId: string): Promise<ListedConsultation[] | Failure> {
      const found = connections.desk(workspaceId)
      if (isFailure(found)) return found
      const page = await atDesk(workspaceId, (desk, signal) => desk.list({ index: 1, size: LISTED_MAX }, signal))
      if (found.own) return isFailure(page) ? page : page.items
      if (!isFailure(page)) await confirmClaims(workspaceId, page.items)
      const rows = await database.all<Row>(
        `SELECT form, product, created_at FROM consultation WHERE workspace_id = $1
         ORDER BY created_at DESC LIMIT ${LISTED_MAX}`,
        [workspaceId],
      )
      const byForm = new Map(isFailure(page) ? [] : page.items.map((item) => [item.form, item]))
      return rows.map((row) => byForm.get(row.form) ?? unseen(row))
    },

    async read(workspaceId: string, form: string): Promise<Consultation | Failure> {
      const found = connections.desk(workspaceId)
      if (isFailure(found)) return found
      if (!(await mayRead(workspaceId, form))) return failure('form-unknown', { form })
      return atDesk(workspaceId, (desk, signal) => desk.read(form, signal))
    },

    /** @returns the form it made, or made before for the same request. */
    async create(
      asker: { workspaceId: string; seatId: string },
      request: { requestId: string; confirm: boolean },
      draft: ConsultationDraft,
    ): Promise<{ form: string; imageUrls: string[] } | Failure> {
      const { workspaceId, seatId } = asker
      const found = connections.desk(workspaceId)
      if (isFailure(found)) return found
      if (!request.confirm) return failure('confirm-needed', { provider: found.upstream })
      const pending = `${CLAIM}${request.requestId}`
      // Claimed before it is sent: of two equal requests one creates.
      const claimed = await database.run(
        `INSERT INTO consultation(workspace_id, form, upstream, seat_id, request_id, product, created_at)
         VALUES($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [workspaceId, pending, found.upstream, seatId, request.requestId, draft.productNameCn, now()],
      )
      if (claimed === 0) return madeBefore(workspaceId, found.upstream, request.requestId)
      const made = await atDesk(workspaceId, (desk, signal) => desk.create(draft, signal))
      if (isFailure(made)) {
        // Surely not created: the same request may try again. After a lost reply the claim stays, and the list tells what came of it.
        if (made.failed === 'outcome-unknown') await name(workspaceId, pending, `${UNCONFIRMED}${request.requestId}`)
        else await forget(workspaceId, pending)
        return made
      }
      await name(workspaceId, pending, made.form)
      return made
    },

    /** Writes to the experts in the person's name. */
    async write(
      workspaceId: string,
      request: { form: string; field: string; text: string; dialog?: string; confirm: boolean },
    ): Promise<{ dialog: string } | Failure> {
      const { confirm, ...message } = request
      const found = connections.desk(workspaceId)
      if (isFailure(found)) return found
      if (!(await mayRead(workspaceId, message.form))) return failure('form-unknown', { form: message.form })
      if (!confirm) return failure('confirm-needed', { provider: found.upstream })
      return atDesk(workspaceId, (desk, signal) => desk.write(message, signal))
    },
  }

  async function madeBefore(
    workspaceId: string,
    upstream: string,
    requestId: string,
  ): Promise<{ form: string; imageUrls: string[] } | Failure> {
    const claimOf = (): Promise<Row | undefined> =>
      database.get<Row>(
        'SELECT form, product, created_at FROM consultation WHERE workspace_id = $1 AND request_id = $2',
        [workspaceId, requestId],
      )
    const before = await claimOf()
    if (!before || isUnderWay(before, now())) return failure('pending')
    if (!isClaim(before)) return { form: before.form, imageUrls: [] }
    const page = await atDesk(workspaceId, (desk, signal) => desk.list({ index: 1, size: LISTED_MAX }, signal))
    if (!isFailure(page)) await confirmClaims(workspaceId, page.items)
    const after = await claimOf()
    return !after || isClaim(after)
      ? failure('outcome-unknown', { provider: upstream })
      : { form: after.form, imageUrls: [] }
  }

  /**
   * A claim whose reply was lost is one of the forms at the desk, or none. It is this one when a single form of that product belongs
   * to nobody here, and nobody else here has lost a form of that product.
   */
  async function confirmClaims(workspaceId: string, items: readonly Consultation[]): Promise<void> {
    const own = await database.get(
      `SELECT form FROM consultation WHERE workspace_id = $1 AND (form LIKE '${CLAIM}%' OR form LIKE '${UNCONFIRMED}%')`,
      [workspaceId],
    )
    if (!own) return
    // Of all workspaces: what belongs to one must not be given to another.
    const rows = await database.all<Row & { workspace_id: string }>(
      'SELECT workspace_id, form, product, created_at FROM consultation',
    )
    const taken = new Set(rows.map(({ form }) => form))
    const claims = rows.filter((row) => isClaim(row) && !isUnderWay(row, now()))
    for (const claim of claims) {
      const rivals = claims.filter(({ product }) => product === claim.product)
      const candidates = items.filter(({ form, product }) => product === claim.product && !taken.has(form))
      const [found] = candidates
      if (claim.workspace_id !== workspaceId || rivals.length !== 1 || candidates.length !== 1 || !found) continue
      await name(workspaceId, claim.form, found.form)
    }
  }

  async function name(workspaceId: string, claim: string, form: string): Promise<void> {
    await database.run('UPDATE consultation SET form = $1 WHERE workspace_id = $2 AND form = $3', [
      form,
      workspaceId,
      claim,
    ])
  }

  async function forget(workspaceId: string, form: string): Promise<void> {
    await database.run('DELETE FROM consultation WHERE workspace_id = $1 AND form = $2', [workspaceId, form])
  }
}

function isClaim({ form }: Row): boolean {
  return form.startsWith(CLAIM) || form.startsWith(UNCONFIRMED)
}

/** Its reply may still come. A proxy that was killed in the middle leaves a claim that nobody will resolve. */
function isUnderWay({ form, created_at }: Row, now: number): boolean {
  return form.startsWith(CLAIM) && now - created_at < 2 * DESK_TIMEOUT_MS
}

function unseen(row: Row): ListedConsultation {
  const { form, product, created_at } = row
  return {
    form: isClaim(row) ? '' : form,
    product,
    status: isClaim(row) ? 'unconfirmed' : null,
    createdAt: new Date(created_at).toISOString(),
    code: null,
    reason: null,
    dialogs: [],
  }
}
