/** Draws that are the same on every machine: whole-number arithmetic on 32 bits, nothing from the engine. */
export interface Random {
  /** From 0 up to but not including 1. */
  fraction(): number
  /** From 0 up to but not including `limit`. */
  below(limit: number): number
  pick<Item>(items: readonly Item[]): Item
  shuffle(items: Uint32Array): void
}

/** Mulberry32: 32 bits of state are plenty for choosing examples. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(fraction() * limit)
  return {
    fraction,
    below,
    pick: (items) => items[below(items.length)]!,
    shuffle(items) {
      for (let at = items.length - 1; at > 0; at--) {
        const other = below(at + 1)
        const kept = items[at]!
        items[at] = items[other]!
        items[other] = kept
      }
    },
  }
}
