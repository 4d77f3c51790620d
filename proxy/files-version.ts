import { hash } from 'node:crypto'

/** Stands behind `?v=` in the address of a file: another content, another address. */
export function filesVersion(...contents: readonly (string | Buffer)[]): string {
  return hash('sha256', contents.map((content) => hash('sha256', content)).join()).slice(0, 10)
}
