/**
 * What our shared code uses and the V8 of Apps Script may lack. newer-builtins.d.ts says the same to the compiler, which otherwise
 * knows ES2020 alone here: whatever else is newer does not compile.
 */
define(Object, 'hasOwn', (of: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(of, key))

define(String.prototype, 'replaceAll', function (this: string, searched: string | RegExp, by: string) {
  return typeof searched === 'string' ? this.split(searched).join(by) : this.replace(searched, by)
})

define(Array.prototype, 'findLastIndex', function <T>(this: readonly T[], is: (value: T) => boolean) {
  let at = this.length - 1
  while (at >= 0 && !is(this[at]!)) at--
  return at
})

function define(on: object, name: string, value: unknown): void {
  if (!(name in on)) Object.defineProperty(on, name, { value, configurable: true, writable: true })
}
