/** `npm run sheets:build`: see run-build-sheets.ts. */
import { FailureError, sentence } from '../../shared/error-codes.ts'
import { runBuildSheets } from './run-build-sheets.ts'

try {
  await runBuildSheets(process.argv.slice(2), (text) => process.stdout.write(text))
} catch (error) {
  if (!(error instanceof FailureError)) throw error
  process.stderr.write(`${sentence(error.failure)}\n`)
  process.exitCode = 1
}
