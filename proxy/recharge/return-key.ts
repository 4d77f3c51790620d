/** Proves that who comes back from the payment page is who was sent there. Made from the master key, so that it is kept nowhere. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { MasterKeySource } from '../credentials/master-key.ts'

export type ReturnKeys = ReturnType<typeof createReturnKeys>

export function createReturnKeys(masterKey: Pick<MasterKeySource, 'existingOrNew'>) {
  const keyOf = (rechargeId: string): string =>
    createHmac('sha256', masterKey.existingOrNew().key).update(`return to recharge ${rechargeId}`).digest('base64url')
  return {
    /** The same for the same recharge: a checkout that is asked for again must be the same request. */
    keyOf,
    fits(rechargeId: string, key: string): boolean {
      const [wanted, given] = [Buffer.from(keyOf(rechargeId)), Buffer.from(key)]
      return wanted.length === given.length && timingSafeEqual(wanted, given)
    },
  }
}
