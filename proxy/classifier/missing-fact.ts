/** The kind of fact that would part the best code from its rival, by what their labels say differently. */
import { foldedWord, type Token } from './tokens.ts'
import { FACT_WORDS } from './words/fact-words.ts'

export type MissingFact = 'material' | 'use' | 'gender' | 'construction' | 'state' | 'size' | 'part-of' | 'kind'

type Fact = keyof typeof FACT_WORDS

// The first kind that parts the labels is asked for: what a seller knows at once stands before what must be measured.
const FACTS: readonly Fact[] = ['material', 'gender', 'construction', 'state', 'size', 'use']
// Of these, one label may be silent: "roasted" stands against no word at all. A size or a use said of one side only says
// nothing about the other.
const ONE_SIDED: readonly Fact[] = ['material', 'gender', 'construction', 'state']
const WORD = /[\p{L}\p{N}]+/gu

/**
 * @param ownLabel English label of the best subheading.
 * @param rivalLabel of the one that is to be told from it.
 * @param tokens of the description: what it already states is not asked for again.
 */
export function missingFact(ownLabel: string, rivalLabel: string, tokens: readonly Token[]): MissingFact {
  const own = wordsOf(ownLabel)
  const rival = wordsOf(rivalLabel)
  const ownOnly = [...own].filter((word) => !rival.has(word))
  const rivalOnly = [...rival].filter((word) => !own.has(word))
  const stated = new Set(tokens.flatMap(({ word, stem }) => [word, stem]))

  // Parts of one thing against parts of another, and the text does not say of which.
  if (states(own, 'part-of') && states(rival, 'part-of') && !tokens.some(({ role }) => role === 'host'))
    return 'part-of'
  const open = FACTS.filter((fact) => !states(stated, fact))
  return (
    open.find((fact) => states(ownOnly, fact) && states(rivalOnly, fact)) ??
    open.find((fact) => ONE_SIDED.includes(fact) && (states(ownOnly, fact) || states(rivalOnly, fact))) ??
    'kind'
  )
}

function states(words: Iterable<string>, fact: Fact): boolean {
  const known: ReadonlySet<string> = FACT_WORDS[fact]
  for (const word of words) if (known.has(word)) return true
  return false
}

function wordsOf(label: string): Set<string> {
  return new Set(Array.from(label.matchAll(WORD), ([word]) => foldedWord(word)))
}
