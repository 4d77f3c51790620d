/** How often a user may call a service on one day. A day begins with the first call. */
import { each } from './each.ts'
import { ScriptException, type Execution } from './service.ts'

export interface Quotas {
  urlfetch: number
  properties: number
}

/** Source: developers.google.com/apps-script/guides/services/quotas */
export const CONSUMER: Quotas = { urlfetch: 20_000, properties: 50_000 }
export const WORKSPACE: Quotas = { urlfetch: 100_000, properties: 500_000 }

const DAY_MS = 86_400_000

export interface DailyQuotas {
  /** @throws {ScriptException} */
  spend: (user: string, ...call: Parameters<Execution['spend']>) => void
}

export function createDailyQuotas(now: () => number, most: (user: string) => Quotas): DailyQuotas {
  const spentBy = each((): { sinceMs: number } & Quotas => ({ sinceMs: now(), urlfetch: 0, properties: 0 }))
  return {
    spend(user, service, calls) {
      const spent = spentBy(user)
      if (now() - spent.sinceMs >= DAY_MS) Object.assign(spent, { sinceMs: now(), urlfetch: 0, properties: 0 })
      if (spent[service] + calls > most(user)[service]) {
        throw new ScriptException(`Service invoked too many times for one day: ${service}.`)
      }
      spent[service] += calls
    },
  }
}
