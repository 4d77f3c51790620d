/// <reference types="office-js" />
/// <reference lib="dom" />
/** Whether this page is a pane of Excel, or stands alone in a browser. */
import type { Clock } from '../shared/clock.ts'

/** `blocked`: Excel opened the page, and the script that speaks with it did not come. */
export type Surroundings = 'excel' | 'browser' | 'blocked'

const READY_MS_MAX = 20_000

export async function findExcel(clock: Clock): Promise<Surroundings> {
  const office = (window as { Office?: { onReady?: typeof Office.onReady } }).Office
  if (!office?.onReady) return isOpenedByOffice() ? 'blocked' : 'browser'
  let callOff: () => void = () => undefined
  const tooLate = new Promise<null>((resolve) => {
    callOff = clock.schedule(() => resolve(null), READY_MS_MAX)
  })
  // Outside of Office it is ready too, with no host.
  const ready = await Promise.race([office.onReady(), tooLate])
  callOff()
  if (ready === null) return 'blocked'
  return String(ready.host) === 'Excel' && 'Excel' in window ? 'excel' : 'browser'
}

/** Office writes into the address, or into the window's name, which program opens the page. */
function isOpenedByOffice(): boolean {
  return /[?&]_host_Info=/i.test(location.search) || window.name.includes('hostInfo')
}
