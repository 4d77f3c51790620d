/// <reference lib="dom" />
/** Files that come without a chooser: pasted while a part is shown, or dropped on its zone. */
import { useEffect, useRef, useState, type DragEvent } from 'react'

export interface GivenFiles {
  /** Something is held over the zone. */
  isOver: boolean
  zone: {
    onDragOver: (event: DragEvent) => void
    onDragLeave: () => void
    onDrop: (event: DragEvent) => void
  }
}

export function useGivenFiles(take: (files: readonly File[]) => void): GivenFiles {
  const [isOver, setIsOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const onPaste = ({ clipboardData, target }: ClipboardEvent): void => {
      const files = [...(clipboardData?.files ?? [])]
      // Cells come from Excel as text and as a picture of it: who pastes them into a field means the text.
      const isText = clipboardData?.types.includes('text/plain') && target instanceof Element
      if (files.length > 0 && !(isText && target.matches('input, textarea'))) latest.current(files)
    }
    document.addEventListener('paste', onPaste)
    return () => document.removeEventListener('paste', onPaste)
  }, [])
  return {
    isOver,
    zone: {
      onDragOver(event) {
        event.preventDefault()
        setIsOver(true)
      },
      onDragLeave: () => setIsOver(false),
      onDrop(event) {
        event.preventDefault()
        setIsOver(false)
        const files = [...event.dataTransfer.files]
        if (files.length > 0) latest.current(files)
      },
    },
  }
}
