/** Whether all that is under way for a chunk only waits: then another may have its place meanwhile. */
export interface Rest {
  /** Something is being done. */
  work<Result>(what: () => Promise<Result>): Promise<Result>
  /** Within {@link Rest.work}: nothing is done here, something is waited for. */
  wait<Result>(what: () => Promise<Result>): Promise<Result>
}

/** @param onChange told at each change; it begins without rest, and ends so. */
export function createRest(onChange: (isAtRest: boolean) => void): Rest {
  let busy = 0
  let waiting = 0
  let isAtRest = false
  const change = (more: { busy: number; waiting: number }): void => {
    busy += more.busy
    waiting += more.waiting
    const is = busy === 0 && waiting > 0
    if (is === isAtRest) return
    isAtRest = is
    onChange(is)
  }
  return {
    async work(what) {
      change({ busy: 1, waiting: 0 })
      try {
        return await what()
      } finally {
        change({ busy: -1, waiting: 0 })
      }
    },
    async wait(what) {
      change({ busy: -1, waiting: 1 })
      try {
        return await what()
      } finally {
        change({ busy: 1, waiting: -1 })
      }
    },
  }
}
