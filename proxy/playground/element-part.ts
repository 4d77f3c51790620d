/// <reference lib="dom" />
/** A place among the grid's React parts for an element of ours. */
import { createElement } from 'react'

/** @returns a React component that shows the element as it is, whoever renders it again. */
export function elementPart(element: HTMLElement): () => unknown {
  const attach = (slot: HTMLElement | null): void => slot?.append(element)
  return () => createElement('div', { ref: attach })
}
