/** Newer than ES2020, and put in place by newer-builtins.ts where they are missing. */
interface ObjectConstructor {
  hasOwn(of: object, key: PropertyKey): boolean
}
interface String {
  replaceAll(searched: string | RegExp, by: string): string
  replaceAll(searched: string | RegExp, by: (found: string, ...groups: string[]) => string): string
}
interface ReadonlyArray<T> {
  findLastIndex(is: (value: T) => boolean): number
}
interface Array<T> {
  findLastIndex(is: (value: T) => boolean): number
}
/** An older engine takes no notice of the second argument. */
interface ErrorOptions {
  cause?: unknown
}
interface ErrorConstructor {
  new (message?: string, options?: ErrorOptions): Error
}
/** Named in a type of the pane's host contract; nothing here makes or takes one. */
interface AbortSignal {
  readonly aborted: boolean
}
