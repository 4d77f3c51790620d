/** What `npm start` says of settings that are valid and still may not do what was meant. */
import type { Config } from './config.ts'

/** @returns one line each. */
export function startNotes({ publicUrl, trustedProxies }: Pick<Config, 'publicUrl' | 'trustedProxies'>): string[] {
  const notes: string[] = []
  if (publicUrl !== null && isHttpElsewhere(publicUrl))
    notes.push('PUBLIC_URL is http: Excel and Google Sheets refuse it, they take an https address only')
  if (trustedProxies.length > 0)
    notes.push(`Trusted to tell who calls, by X-Forwarded-For (TRUSTED_PROXIES): ${trustedProxies.join(', ')}`)
  else if (publicUrl !== null)
    notes.push(
      'TRUSTED_PROXIES names nobody: limits by address are one for everybody behind the server before this proxy (README: "Limits by address")',
    )
  return notes
}

/** Of this machine alone nobody needs to be told: it is as without the setting. */
function isHttpElsewhere(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && !/^(?:(?:.+\.)?localhost|127\..+|\[::1\])$/.test(hostname)
}
