/// <reference lib="dom" />
/** A button that asks before it acts. What it came to, a failure too, is shown by whoever placed it: the question is gone by then. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components'
import type { JSX } from 'react'
import { useWords } from '../use-pane.ts'
import { SHELL_WORDS } from './words.ts'

export function Confirm({
  button,
  title,
  text,
  act,
  onAct,
}: {
  /** What opens the question. */
  button: JSX.Element
  title: string
  text: string
  /** On the button that does it. */
  act: string
  onAct: () => void
}): JSX.Element {
  const words = useWords(SHELL_WORDS)
  return (
    <Dialog modalType="alert">
      <DialogTrigger disableButtonEnhancement>{button}</DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{text}</DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{words.cancel}</Button>
            </DialogTrigger>
            <DialogTrigger disableButtonEnhancement>
              <Button appearance="primary" onClick={onAct}>
                {act}
              </Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
