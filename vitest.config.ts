import { defineConfig } from 'vitest/config'

const PAGE = ['test/playground/**/*.test.ts', 'test/cell-to-answer.test.ts']
// What stands on the database seam holds on both engines. `parts` runs it on SQLite.
const ON_POSTGRES = ['ledger', 'auth', 'credentials', 'answer', 'routes', 'audit'].map(
  (room) => `test/proxy/${room}/**/*.test.ts`,
)

function project(name: string, groupOrder: number, test: object) {
  return { test: { name, testTimeout: 20_000, hookTimeout: 60_000, sequence: { groupOrder }, ...test } }
}

export default defineConfig({
  test: {
    globalSetup: 'test/hosts/once-a-run.ts',
    // Two cores: more workers only take turns, and Chromium wants one of them.
    maxWorkers: 2,
    passWithNoTests: false,
    allowOnly: false,
    projects: [
      project('parts', 0, { include: ['test/**/*.test.ts'], exclude: PAGE }),
      project('postgres', 0, { include: ON_POSTGRES, provide: { engine: 'postgres' }, testTimeout: 60_000 }),
      // In a browser, and after the others: keys that are typed while every core is busy get lost in the grid.
      project('page', 1, { include: PAGE, fileParallelism: false }),
    ],
  },
})
