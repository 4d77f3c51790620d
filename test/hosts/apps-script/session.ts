/** Session, ScriptApp, console and Logger: who, what and where, and what a script says in its log. */
import { asText, ServiceObject, type Execution, type Value } from './service.ts'

export function session(locale: string, timeZone: string): ServiceObject {
  const reads = {
    getActiveUserLocale: () => locale,
    getScriptTimeZone: () => timeZone,
    // Refused before it comes here: our add-on does not ask for the e-mail address.
    getActiveUser: () => null,
    getEffectiveUser: () => null,
  }
  const elsewhere = { getActiveUser: 'identity', getEffectiveUser: 'identity' } as const
  return new ServiceObject('Session', 'free', { reads, elsewhere })
}

export function scriptApp(scriptId: string): ServiceObject {
  const AuthMode = { NONE: 'NONE', LIMITED: 'LIMITED', CUSTOM_FUNCTION: 'CUSTOM_FUNCTION', FULL: 'FULL' }
  return new ServiceObject('ScriptApp', 'free', { reads: { getScriptId: () => scriptId }, constants: { AuthMode } })
}

export interface LogLine {
  level: 'log' | 'info' | 'warn' | 'error'
  user: string
  text: string
}

/** The oldest lines go when there are more. */
const LINES_MAX = 10_000

export function consoleService(log: LogLine[], { user }: Execution): ServiceObject {
  const at =
    (level: LogLine['level']) =>
    (...values: Value[]) => {
      log.push({ level, user, text: values.map(print).join(' ') })
      if (log.length > LINES_MAX) log.shift()
    }
  const reads = { log: at('log'), info: at('info'), warn: at('warn'), error: at('error') }
  return new ServiceObject('console', 'free', { reads })
}

function print(value: Value): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(value)
    : value === undefined
      ? 'undefined'
      : asText(value)
}
