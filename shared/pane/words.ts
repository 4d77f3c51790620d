/** Words of one part of the pane, in the languages it speaks. Each part keeps its own beside itself. */
import type { Language } from '../language.ts'

export type Words<Part> = Readonly<Record<Language, Part>>

const LOCALES: Record<Language, string> = { en: 'en-CA', zh: 'zh-CN', fr: 'fr-CA' }

// Kept: making one takes long. It was the largest part of the first view's work, and a run prints a percentage for every row.
const formats = new Map<string, Intl.NumberFormat>()

export function printNumber(value: number, language: Language, options: Intl.NumberFormatOptions = {}): string {
  const key = `${language} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.NumberFormat(LOCALES[language], options)
  formats.set(key, format)
  return format.format(value)
}

/** Sentences behind each other, as each language sets them: Chinese has no space after its full stop. @param sentences those that are said. */
export function joinSentences(language: Language, sentences: readonly (string | false | null)[]): string {
  return sentences.filter((sentence) => sentence !== false && sentence !== null).join(language === 'zh' ? '' : ' ')
}

/** @param printed of the number, as {@link printNumber} gives it, with or without its sign. */
export function counted(printed: string, one: string, many: string): string {
  return `${printed} ${/^[-+]?1$/.test(printed) ? one : many}`
}

export function printCny(cny: number, language: Language): string {
  return `¥${printNumber(cny, language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

export function printPercent(share: number, language: Language): string {
  return printNumber(share, language, { style: 'percent', maximumFractionDigits: 2 })
}

/** @param at ISO time or milliseconds since 1970. */
export function printTime(at: string | number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))
}

/** Whole seconds as a person says them: 45 s, 3 min, 2 h 5 min. */
export function printDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  const minutes = Math.round(whole / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
