/// <reference lib="dom" />
/** What stands around every view: who we are, what is left, where one can go, and what stands in the way just now. */
import {
  Button,
  makeStyles,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Spinner,
  Tab,
  TabList,
  tokens,
} from '@fluentui/react-components'
import { NavigationRegular } from '@fluentui/react-icons'
import { useRef, type JSX } from 'react'
import { ConnectView } from '../connect/connect-view.tsx'
import { useFormulasEnabled, useObservable, useLanguage, usePane, useWords } from '../use-pane.ts'
import { VIEW_IDS, type ViewId } from '../view-ids.ts'
import { VIEWS, WORKS_UNCONNECTED } from '../views.tsx'
import { printNumber } from '../words.ts'
import { useKeptFocus } from './keep-focus.ts'
import { Mark } from './mark.tsx'
import { ViewBoundary } from './view-boundary.tsx'
import { SHELL_WORDS } from './words.ts'

const TABS: readonly ViewId[] = ['bulk', 'review', 'wizard', 'doctor']

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', minHeight: '100vh', minWidth: '280px' },
  header: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} 0`,
  },
  brand: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, flexGrow: 1, minWidth: 0 },
  name: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  // In its place in the page, where a landmark holds it, and above what comes after it.
  menu: { zIndex: 1 },
  tabs: { paddingInline: tokens.spacingHorizontalXS, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  bars: {
    display: 'grid',
    gap: tokens.spacingVerticalXS,
    paddingInline: tokens.spacingHorizontalM,
    paddingTop: tokens.spacingVerticalS,
  },
  view: { flexGrow: 1, padding: tokens.spacingHorizontalM, minWidth: 0, overflowWrap: 'anywhere' },
})

export function Shell(): JSX.Element {
  const styles = useStyles()
  const pane = usePane()
  const words = useWords(SHELL_WORDS)
  const view = useObservable(pane.view)
  const connection = useObservable(pane.connection)
  const workspaces = useObservable(pane.workspaces)
  const isOpen = connection.kind !== 'none' || WORKS_UNCONNECTED.has(view)
  const View = VIEWS[view].component
  const page = useRef<HTMLDivElement>(null)
  useKeptFocus(page)

  return (
    <div ref={page} className={styles.page}>
      <header className={styles.header}>
        <div className={styles.brand}>
          <Mark />
          <h1 className={styles.name}>{words.product}</h1>
        </div>
        <PointsButton />
        <Menu
          inline
          checkedValues={{ view: [view] }}
          onCheckedValueChange={(_, { checkedItems }) => goTo(pane.view, checkedItems[0])}
        >
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={<NavigationRegular />} aria-label={words.tools} />
          </MenuTrigger>
          <MenuPopover className={styles.menu}>
            <MenuList>
              {VIEW_IDS.map((id) => (
                <MenuItemRadio key={id} name="view" value={id} icon={VIEWS[id].icon}>
                  {words.views[id]}
                </MenuItemRadio>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      </header>
      <nav aria-label={words.tools}>
        <TabList
          className={styles.tabs}
          size="small"
          selectedValue={view}
          onTabSelect={(_, { value }) => pane.view.set(value as ViewId)}
        >
          {TABS.map((id) => (
            <Tab key={id} value={id}>
              {words.views[id]}
            </Tab>
          ))}
        </TabList>
      </nav>
      <Bars />
      <main className={styles.view} aria-label={words.views[view]}>
        <ViewBoundary key={`${view} ${workspaces}`} view={view}>
          {isOpen ? <View /> : <ConnectView />}
        </ViewBoundary>
      </main>
    </div>
  )
}

function goTo(view: { set(id: ViewId): void }, chosen: string | undefined): void {
  const id = VIEW_IDS.find((known) => known === chosen)
  if (id) view.set(id)
}

function PointsButton(): JSX.Element {
  const pane = usePane()
  const words = useWords(SHELL_WORDS)
  const language = useLanguage()
  const points = useObservable(pane.points)
  const connection = useObservable(pane.connection)
  if (connection.kind === 'asking') return <Spinner size="tiny" label={words.connecting} />
  if (connection.kind === 'none')
    return (
      <Button size="small" appearance="subtle" onClick={() => pane.view.set('settings')}>
        {words.notConnected}
      </Button>
    )
  return (
    <Button size="small" appearance="outline" shape="circular" onClick={() => pane.view.set('points')}>
      {points ? words.points(printNumber(points.balance, language)) : words.pointsUnknown}
    </Button>
  )
}

/** One line for each thing that stands in the way, with what to do about it. */
function Bars(): JSX.Element {
  const styles = useStyles()
  const pane = usePane()
  const words = useWords(SHELL_WORDS)
  const connection = useObservable(pane.connection)
  const stopped = useObservable(pane.stopped)
  const waiting = useObservable(pane.waiting)
  const isEnabled = useFormulasEnabled()
  // Not connected is what the connect form says already.
  const isStopped = stopped !== null && connection.kind !== 'none'
  return (
    <div className={styles.bars} aria-live="polite">
      {pane.isPreview && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{words.preview}</MessageBarBody>
        </MessageBar>
      )}
      {connection.kind === 'away' && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{words.away}</MessageBarTitle> {connection.error.message}
          </MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => void pane.refresh()}>
              {words.tryAgain}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {isStopped && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{words.stoppedTitle}</MessageBarTitle> {stopped.message}
          </MessageBarBody>
          <MessageBarActions>
            {stopped.code === 'TC-402' && (
              <Button size="small" appearance="primary" onClick={() => pane.view.set('points')}>
                {words.recharge}
              </Button>
            )}
            <Button size="small" onClick={() => resume(pane)}>
              {words.resume}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {connection.kind === 'connected' && !isEnabled && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{words.formulasOff}</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={() => pane.view.set('settings')}>
              {words.formulasEnable}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {waiting !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{words[waiting]}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  )
}

function resume(pane: ReturnType<typeof usePane>): void {
  pane.resume()
  void pane.refresh()
}
