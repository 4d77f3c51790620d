/// <reference lib="dom" />
import { Text } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { isRefused } from '../proxy-api.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLoad, useObservable, usePane, useWords } from '../use-pane.ts'
import { readEditions, type DataEdition } from './data-editions.ts'
import { printDiagnostics } from './diagnostics.ts'
import { Facts, Part } from './part.tsx'
import { SETTINGS_WORDS } from './words.ts'

export function AboutPart(): JSX.Element {
  const pane = usePane()
  const { api, version, connection } = pane
  const words = useWords(SETTINGS_WORDS)
  const isConnected = useObservable(connection).kind === 'connected'
  /** null: it does not say; undefined: not asked yet. */
  const [proxyVersion, setProxyVersion] = useState<string | null>()
  const [editions, setEditions] = useState<DataEdition[]>([])
  const error = useLoad(
    async (isCurrent) => {
      const health = api.health().then((reply) => {
        if (isCurrent()) setProxyVersion(isRefused(reply) ? null : reply.version)
      })
      const [found] = await Promise.all([isConnected ? readEditions(api) : null, health])
      if (!isCurrent()) return
      setEditions(found === null || isRefused(found) ? [] : found.editions)
      if (found && isRefused(found)) return found
    },
    [api, isConnected],
  )
  return (
    <>
      <Part title={words.about}>
        <Facts
          facts={[
            [words.pane, version || words.unknown],
            [words.proxy, proxyVersion === undefined ? words.loading : (proxyVersion ?? words.unknown)],
            ...editions.map(({ country, edition }) => [country, edition] as const),
          ]}
        />
        <ErrorBar error={error} />
      </Part>
      <Part title={words.support}>
        <Text>{words.supportHint}</Text>
        <CopyButton
          label={words.copy}
          text={() =>
            printDiagnostics(pane, {
              browser: navigator.userAgent,
              width: window.innerWidth,
              proxyVersion: proxyVersion ?? null,
            })
          }
        />
      </Part>
    </>
  )
}
