import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const PAGE = ['test/playground/**/*.test.ts', 'test/golden-sheet/playground.test.ts']
const PANE = ['test/pane/**/*.test.ts']
// Draws icons from SVG, which whatever reads people's pictures forbids its whole process.
const ALONE = ['test/excel-addin/build.test.ts']
// What stands on the database seam holds on both engines. `parts` runs it on SQLite.
const ON_POSTGRES = ['ledger', 'auth', 'credentials', 'answer', 'routes', 'audit'].map(
  (room) => `test/proxy/${room}/**/*.test.ts`,
)
// But a file that names both engines itself, which it then does throughout, has run on both in `parts`.
const NAMES_BOTH = readdirSync('test/proxy', { recursive: true, encoding: 'utf8' })
  .map((name) => join('test/proxy', name))
  .filter((file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes('.each(ENGINES)'))

// For what hangs. How long a test takes is the machine's, which has other things to do.
const PATIENCE = { testTimeout: 60_000, hookTimeout: 60_000 }
// A worker keeps what it loaded for the next file, and its databases: loaded anew for each, that was a quarter of all work. So no test
// changes what others see: no mocked modules, and what it stubs is put back.
const SHARED_WORKERS = { isolate: false, unstubGlobals: true, unstubEnvs: true, restoreMocks: true }

// For two cores: half of the time a test waits for a process, a database or a page.
const WORKERS = [4, 3, 2] as const

function project(name: string, groupOrder: 0 | 1 | 2, test: object) {
  return {
    test: {
      name,
      ...PATIENCE,
      ...SHARED_WORKERS,
      sequence: { groupOrder },
      maxWorkers: WORKERS[groupOrder],
      ...test,
    },
  }
}

export default defineConfig({
  test: {
    globalSetup: 'test/hosts/once-a-run.ts',
    // To take away all databases of a run.
    teardownTimeout: 60_000,
    passWithNoTests: false,
    allowOnly: false,
    projects: [
      project('parts', 0, { include: ['test/**/*.test.ts'], exclude: [...PAGE, ...PANE, ...ALONE] }),
      project('alone', 0, { include: ALONE, isolate: true }),
      project('postgres', 0, { include: ON_POSTGRES, exclude: NAMES_BOTH, provide: { engine: 'postgres' } }),
      project('pane', 1, { include: PANE }),
      // In a browser, and after the others, two at a time: the grid draws slowly, and a key that is lost is typed anew.
      project('page', 2, { include: PAGE }),
    ],
  },
})
