/// <reference lib="dom" />
import { makeStyles, tokens } from '@fluentui/react-components'
import { useEffect, useRef, type JSX } from 'react'

const useStyles = makeStyles({
  heading: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    fontWeight: tokens.fontWeightSemibold,
    outlineStyle: 'none',
  },
})

/** A step of the run. It takes the focus where the button that led here took it along when it went. */
export function CardHeading({ children }: { children: string }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  return (
    <h3 ref={heading} tabIndex={-1} className={useStyles().heading}>
      {children}
    </h3>
  )
}
