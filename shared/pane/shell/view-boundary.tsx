/// <reference lib="dom" />
/** An error thrown while a view is drawn takes that view away, and nothing around it. */
import { Component, type JSX, type ReactNode } from 'react'
import { failure } from '../../error-codes.ts'
import { printFailure } from '../../print-failure.ts'
import { useLanguage, useWords } from '../use-pane.ts'
import type { ViewId } from '../view-ids.ts'
import { ErrorBar, ViewFrame } from './view-frame.tsx'
import { SHELL_WORDS } from './words.ts'

interface ViewBoundaryProps {
  view: ViewId
  children: ReactNode
}

/** A class, because React has no other way to catch what is thrown while drawing. */
export class ViewBoundary extends Component<ViewBoundaryProps, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }

  override componentDidCatch(): void {
    // React has put the error itself there already.
    console.error(`TC-500 (${idOf(this.props.view)})`)
  }

  override render(): ReactNode {
    const { view, children } = this.props
    if (!this.state.isBroken) return children
    return <BrokenView view={view} onRetry={() => this.setState({ isBroken: false })} />
  }
}

function BrokenView({ view, onRetry }: { view: ViewId; onRetry: () => void }): JSX.Element {
  const language = useLanguage()
  const { views } = useWords(SHELL_WORDS)
  return (
    <ViewFrame title={views[view]}>
      <ErrorBar error={printFailure(failure('bug', { id: idOf(view) }), language)} onRetry={onRetry} />
    </ViewFrame>
  )
}

/** What the person can tell, and what stands beside the error on the console. */
function idOf(view: ViewId): string {
  return `pane-${view}`
}
