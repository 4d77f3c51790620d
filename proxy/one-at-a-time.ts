/**
 * Runs `work` whenever it is asked for, never twice at once: asked for meanwhile, it runs once more afterwards, because what it read
 * may be older than what it was asked for.
 * @param work never rejects.
 */
export function oneAtATime(work: () => Promise<void>): () => void {
  let running = false
  let again = false
  const run = async (): Promise<void> => {
    running = true
    do {
      again = false
      await work()
    } while (again)
    running = false
  }
  return () => {
    if (running) again = true
    else void run()
  }
}
