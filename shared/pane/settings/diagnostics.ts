/** What support needs to know, as text to copy: never a token, never what stands in a cell. Failures go by code, their sentences may quote cells. */
import type { Pane } from '../create-pane.ts'

export interface Surroundings {
  /** `navigator.userAgent`. */
  browser: string
  /** Of the pane, in CSS pixels. */
  width: number
  proxyVersion: string | null
}

type DiagnosedPane = Pick<Pane, 'version' | 'host' | 'session' | 'functions' | 'clock' | 'isPreview'> & {
  connection: Pick<Pane['connection'], 'get'>
  points: Pick<Pane['points'], 'get'>
}

export function printDiagnostics(pane: DiagnosedPane, { browser, width, proxyVersion }: Surroundings): string {
  const { session, functions, host } = pane
  const connection = pane.connection.get()
  const points = pane.points.get()
  const lines: [string, string | number][] = [
    ['time', new Date(pane.clock.now()).toISOString()],
    ['pane', pane.version || 'unknown'],
    ['proxy', proxyVersion ?? 'unknown'],
    ['address', session.baseUrl()],
    ['host', pane.isPreview ? `${host.kind}, preview` : host.kind],
    ['language', session.language()],
    ['connection', connection.kind === 'away' ? `away, ${connection.error.code}` : connection.kind],
    ...(connection.kind === 'connected'
      ? ([
          ['workspace', connection.workspace.id],
          ['seat', `${connection.seat.id}, ${connection.seat.role}`],
        ] as [string, string][])
      : []),
    ['points', points ? `${points.balance} left, ${points.held} held, ${points.spentToday} today` : 'unknown'],
    ['stopped by', functions.stoppedBy()?.code ?? 'nothing'],
    ['answers kept', functions.rememberedCount() ?? 'with the spreadsheet'],
    ['width', `${width} px`],
    ['browser', browser],
  ]
  const failed = functions
    .recentErrors()
    .map(({ at, fn, code, times }) => `  ${new Date(at).toISOString()} ${fn} ${code} ×${times}`)
  return [
    'Tariffcell',
    ...lines.map(([name, value]) => `${name}: ${value}`),
    ...(failed.length > 0 ? ['failed cells:', ...failed] : []),
  ].join('\n')
}
