/** Lets whoever waits have a turn: 50,000 rows are read and written in slices. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

export const ROWS_PER_SLICE = 500
