/** One of its kind for each key, made when it is first asked for. */
export function each<Kept>(make: () => Kept): (key: string) => Kept {
  const kept = new Map<string, Kept>()
  return (key) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    const made = make()
    kept.set(key, made)
    return made
  }
}
