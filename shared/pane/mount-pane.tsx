/// <reference lib="dom" />
/** Puts the pane on a page. */
import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components'
import { useEffect, useState, type JSX } from 'react'
import { createRoot } from 'react-dom/client'
import { createPane, type Pane } from './create-pane.ts'
import type { PaneDeps } from './pane-deps.ts'
import { refuseDrops } from './refuse-drops.ts'
import { Shell } from './shell/shell.tsx'
import { brandTheme } from './shell/theme.ts'
import { PaneContext, useLanguage, useObservable, usePane } from './use-pane.ts'

export interface MountedPane {
  pane: Pane
  unmount(): void
}

/** @param view which part to show first, such as of the page's address; an unknown one is the first. */
export function mountPane(element: HTMLElement, deps: PaneDeps, view: string | null = null): MountedPane {
  const pane = createPane(deps, view)
  const acceptDrops = refuseDrops(window)
  const root = createRoot(element)
  root.render(
    <RendererProvider renderer={createDOMRenderer(element.ownerDocument)}>
      <PaneContext.Provider value={pane}>
        <Themed />
      </PaneContext.Provider>
    </RendererProvider>,
  )
  void pane.refresh()
  return {
    pane,
    unmount() {
      root.unmount()
      acceptDrops()
      pane.close()
    },
  }
}

function Themed(): JSX.Element {
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const language = useLanguage()
  const view = useObservable(usePane().view)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [view])
  return (
    <FluentProvider theme={brandTheme(isDark ? webDarkTheme : webLightTheme, isDark)}>
      <Shell />
    </FluentProvider>
  )
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches)
  useEffect(() => {
    const media = window.matchMedia(query)
    const update = (): void => setMatches(media.matches)
    media.addEventListener('change', update)
    return () => media.removeEventListener('change', update)
  }, [query])
  return matches
}
