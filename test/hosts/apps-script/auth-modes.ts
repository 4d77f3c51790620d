/**
 * What a script may call in which mode, and which scope a call needs.
 * Source: developers.google.com/workspace/add-ons/concepts/editor-auth-lifecycle. The page does not speak of caches and locks in NONE;
 * here they are refused with the properties, so that nothing rests on them.
 */
import { ScriptException, type Mode, type Room } from './service.ts'

const CLOSED: Record<Mode, ReadonlySet<Room>> = {
  NONE: new Set(['document', 'sidebar', 'properties', 'store', 'fetch', 'identity']),
  LIMITED: new Set(['sidebar', 'fetch', 'identity']),
  CUSTOM_FUNCTION: new Set(['menu', 'sidebar', 'identity']),
  FULL: new Set(),
}

const SCOPES: Partial<Record<Room, string>> = {
  document: 'https://www.googleapis.com/auth/spreadsheets.currentonly',
  sidebar: 'https://www.googleapis.com/auth/script.container.ui',
  fetch: 'https://www.googleapis.com/auth/script.external_request',
  identity: 'https://www.googleapis.com/auth/userinfo.email',
}

/** @param granted scopes of the manifest that the user has agreed to. Formulas and simple triggers ask nobody. */
export function mustBeAllowed(
  mode: Mode,
  { name, room, writes }: { name: string; room: Room; writes: boolean },
  granted: ReadonlySet<string>,
): void {
  if (room === 'menu' && mode === 'CUSTOM_FUNCTION')
    throw new ScriptException(`Cannot call ${name}() from this context.`)
  const isClosed = CLOSED[mode].has(room) || (mode === 'CUSTOM_FUNCTION' && room === 'document' && writes)
  if (isClosed) throw new ScriptException(`You do not have permission to call ${name}`)
  const scope = SCOPES[room]
  if (mode !== 'FULL' || scope === undefined || granted.has(scope)) return
  throw new ScriptException(`You do not have permission to call ${name}. Required permissions: ${scope}`)
}
