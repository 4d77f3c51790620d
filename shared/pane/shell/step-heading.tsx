/// <reference lib="dom" />
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components'
import type { JSX } from 'react'
import { LANDING } from './keep-focus.ts'

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
})

/** A step in a view. It takes the focus where the button that led here took it along when it went. */
export function StepHeading({ children, className }: { children: string; className?: string }): JSX.Element {
  return (
    <h3 {...LANDING} className={mergeClasses(useStyles().heading, className)}>
      {children}
    </h3>
  )
}
