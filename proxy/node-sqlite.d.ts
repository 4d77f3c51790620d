// Node 20 has no `node:sqlite`, so its type package does not describe it; the npm package has the same API.
declare module 'node:sqlite' {
  export { DatabaseSync } from '@photostructure/sqlite'
}
