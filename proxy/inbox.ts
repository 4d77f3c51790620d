/** Events from outside act once: their id is written in the transaction that acts, so a call that failed half way counts when it is repeated. */
import type { Transaction } from './database.ts'

/** @returns false when this event was acted upon before. */
export async function acceptOnce(
  tx: Transaction,
  event: { source: string; eventId: string; at: number },
): Promise<boolean> {
  const added = await tx.run(
    'INSERT INTO inbox(source, event_id, received_at) VALUES($1, $2, $3) ON CONFLICT DO NOTHING',
    [event.source, event.eventId, event.at],
  )
  return added === 1
}
