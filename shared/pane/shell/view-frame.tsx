/// <reference lib="dom" />
/** What every view looks like: a heading, one sentence on what it is for, then its parts with equal room between them. */
import {
  makeStyles,
  MessageBar,
  MessageBarBody,
  MessageBarActions,
  Button,
  tokens,
  Text,
} from '@fluentui/react-components'
import type { JSX, ReactNode } from 'react'
import type { AnswerError } from '../../protocol.ts'
import { useWords } from '../use-pane.ts'
import { LANDING } from './keep-focus.ts'
import { SHELL_WORDS } from './words.ts'

const useStyles = makeStyles({
  frame: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  heading: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
})

export function ViewFrame({
  title,
  purpose,
  children,
}: {
  title: string
  purpose?: string
  children: ReactNode
}): JSX.Element {
  const styles = useStyles()
  return (
    <section className={styles.frame}>
      <div>
        <h2 {...LANDING} className={styles.heading}>
          {title}
        </h2>
        {purpose !== undefined && <Text>{purpose}</Text>}
      </div>
      {children}
    </section>
  )
}

/** Buttons beside each other, below each other where there is no room. */
export function ButtonRow({ children }: { children: ReactNode }): JSX.Element {
  return <div className={useStyles().row}>{children}</div>
}

/** A failure with its stable code and what to do; read out at once. Nothing where there is none. */
export function ErrorBar({ error, onRetry }: { error: AnswerError | null; onRetry?: () => void }): JSX.Element | null {
  const words = useWords(SHELL_WORDS)
  if (!error) return null
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>{error.message}</MessageBarBody>
      {onRetry && (
        <MessageBarActions>
          <Button size="small" onClick={onRetry}>
            {words.tryAgain}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  )
}
