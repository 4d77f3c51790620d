/** Languages of labels, help and error sentences. English first; the other two beside it. */
export const LANGUAGES = ['en', 'zh', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]
export type Localised = Readonly<Record<Language, string>>

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text)
}
