/** What the model learns from: every label and every term of the lexicon, each with the code it stands under. */
import { LANGUAGES, type Language } from '../../../shared/language.ts'
import type { Lexicon } from '../lexicon.ts'

export interface Example {
  text: string
  /** A chapter, heading or subheading: the text is learned to that depth and no deeper. */
  code: string
  isTerm: boolean
  language: Language
}

export function examplesOf(lexicon: Lexicon): Example[] {
  return lexicon
    .codes()
    .flatMap((code) => [
      ...LANGUAGES.map((language) => ({ text: lexicon.label(code, language)!, code, isTerm: false, language })),
      ...lexicon.terms(code).map(({ text, language }) => ({ text, code, isTerm: true, language })),
    ])
}
