import { defineConfig } from 'vitest/config'

const PAGE = ['test/playground/**/*.test.ts', 'test/cell-to-answer.test.ts']

function project(name: string, groupOrder: number, test: object) {
  return { test: { name, testTimeout: 20_000, hookTimeout: 60_000, sequence: { groupOrder }, ...test } }
}

export default defineConfig({
  test: {
    globalSetup: 'test/hosts/shared-postgres.ts',
    // Two cores: more workers only take turns, and Chromium wants one of them.
    maxWorkers: 2,
    passWithNoTests: false,
    allowOnly: false,
    projects: [
      project('parts', 0, { include: ['test/**/*.test.ts'], exclude: PAGE }),
      // In a browser, and after the others: keys that are typed while every core is busy get lost in the grid.
      project('page', 1, { include: PAGE, fileParallelism: false }),
    ],
  },
})
