/** Languages of labels, help and error sentences. English first; the other two beside it. */
export const LANGUAGES = ['en', 'zh', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]
export type Localised = Readonly<Record<Language, string>>

/** The first of these that we speak. @param tags such as fr-CA. */
export function languageIn(tags: readonly string[]): Language {
  return tags.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text)
}
