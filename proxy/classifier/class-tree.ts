/**
 * The outputs of the model: subheadings first, then headings, then chapters, each in order of code. A subheading's logit is the
 * sum of three outputs, its own, its heading's and its chapter's, so that what is said of "shoes" is learned once for all of 64.
 */
export interface ClassTree {
  subheadings: readonly string[]
  headings: readonly string[]
  chapters: readonly string[]
  outputCount: number
  /** Output of the heading and of the chapter, by subheading. */
  headingOutput: Uint16Array
  chapterOutput: Uint16Array
  /** First subheading of each heading, and one past the last at the end. */
  headingStart: Uint16Array
}

/** Subheadings `first` up to but not including `end`. */
export interface ClassRange {
  first: number
  end: number
}

/** @param subheadings sorted codes of six digits. */
export function createClassTree(subheadings: readonly string[]): ClassTree {
  const headings = [...new Set(subheadings.map((code) => code.slice(0, 4)))]
  const chapters = [...new Set(subheadings.map((code) => code.slice(0, 2)))]
  const outputOf = new Map<string, number>()
  for (const code of [...subheadings, ...headings, ...chapters]) outputOf.set(code, outputOf.size)
  const headingOutput = Uint16Array.from(subheadings, (code) => outputOf.get(code.slice(0, 4))!)
  const headingStart = new Uint16Array(headings.length + 1).fill(subheadings.length)
  for (let at = subheadings.length - 1; at >= 0; at--) headingStart[headingOutput[at]! - subheadings.length] = at
  return {
    subheadings,
    headings,
    chapters,
    outputCount: outputOf.size,
    headingOutput,
    chapterOutput: Uint16Array.from(subheadings, (code) => outputOf.get(code.slice(0, 2))!),
    headingStart,
  }
}

/** The subheadings at or below a code of 2, 4 or 6 digits; empty where there are none. */
export function rangeOf({ subheadings }: ClassTree, code: string): ClassRange {
  const first = lowerBound(subheadings, code)
  return { first, end: lowerBound(subheadings, `${code}:`) } // ':' sorts right after '9'.
}

function lowerBound(sorted: readonly string[], wanted: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}
