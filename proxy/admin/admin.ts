/** `npm run admin -- <command>`: credentials, points and seats, for whoever runs the proxy. `--help` lists the commands. */
import { runAdmin } from './run-admin.ts'

// `npm run admin -- usage | head` closes our output early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runAdmin(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  loadUpstreams: async () => (await import('../providers/upstreams.ts')).UPSTREAMS,
})
