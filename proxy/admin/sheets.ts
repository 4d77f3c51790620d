/** `npm run sheets:build`, `sheets:push`, `sheets:login` and `sheets:check`: see run-build-sheets.ts and its neighbours. */
import { constants } from 'node:os'
import { join } from 'node:path'
import { FailureError, sentence } from '../../shared/error-codes.ts'
import { rootFolder } from '../root-folder.ts'
import type { BuildAddon } from './addon-project.ts'
import { createAskHealth } from './ask-health.ts'
import { ClaspError, type Clasp } from './clasp.ts'
import { runBuildSheets } from './run-build-sheets.ts'
import { runCheckSheets } from './run-check-sheets.ts'
import { runLoginSheets } from './run-login-sheets.ts'
import { runPushSheets } from './run-push-sheets.ts'

const [command, ...args] = process.argv.slice(2)
const typed = { args, environment: process.env }
const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.exitCode = 128 + constants.signals[signal]
    stopped.abort()
  })
}

const print = (text: string): void => void process.stdout.write(text)
// Loaded when it is needed: a compiler takes seconds.
const build: BuildAddon = async (outFolder, baseUrl) => {
  const { buildSheetsAddon } = await import('../../sheets-addon/build.ts')
  await buildSheetsAddon(outFolder, baseUrl)
}
const clasp: Clasp = { folder: join(rootFolder(), 'sheets-addon', 'clasp'), signal: stopped.signal, print }

try {
  await run()
} catch (error) {
  if (!stopped.signal.aborted) {
    if (!(error instanceof FailureError)) throw error
    process.stderr.write(`${sentence(error.failure)}\n`)
    process.exitCode = error instanceof ClaspError ? error.exitCode : 1
  }
}

function run(): Promise<void> {
  switch (command) {
    case 'push':
      return runPushSheets(typed, {
        project: rootFolder(),
        build,
        ask: createAskHealth(stopped.signal),
        clasp,
        print,
      })
    case 'login':
      return runLoginSheets(typed, { clasp, print, isAttended: process.stdin.isTTY && process.stdout.isTTY })
    case 'check':
      return runCheckSheets(typed, { project: rootFolder(), build, clasp, print })
    default:
      return runBuildSheets(typed, print)
  }
}
