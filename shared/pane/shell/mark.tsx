/// <reference lib="dom" />
import type { JSX } from 'react'

/** The product's mark, the same on the playground and in the manifest's icons. */
export function Mark({ size = 20 }: { size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <rect width="20" height="20" rx="5" fill="#1f6f63" />
      <path d="M5 6h10M10 6v9" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  )
}
