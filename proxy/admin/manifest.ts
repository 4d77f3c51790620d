/** `npm run manifest`: see run-manifest.ts. */
import { FailureError, sentence } from '../../shared/error-codes.ts'
import { runManifest } from './run-manifest.ts'

try {
  await runManifest({ args: process.argv.slice(2), environment: process.env }, (text) => process.stdout.write(text))
} catch (error) {
  if (!(error instanceof FailureError)) throw error
  process.stderr.write(`${sentence(error.failure)}\n`)
  process.exitCode = 1
}
