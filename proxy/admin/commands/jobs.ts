import { lastAndBefore, type Command } from '../command.ts'
import { changeJob, listJobs, listUnknownSubmits, showJob } from '../job-commands.ts'
import { createJob, printJobRows } from '../job-files.ts'
import { refuse } from '../workspaces.ts'

export const JOB_COMMANDS: readonly Command[] = [
  {
    name: 'jobs',
    usage: '[<workspace>] [--json]',
    help: 'The newest bulk jobs.',
    operands: [0, 1],
    options: ['json'],
    run: (admin, { operands: [wanted], options: { json = false }, print }) => listJobs(admin, print, wanted, json),
  },
  {
    name: 'job create',
    usage: '[<workspace>] <file.csv> --column <name> [--country <CA>] [--yes]',
    help: 'Asks HSCODE for a column of a CSV file: says what it would cost, asks back, and makes the job.',
    operands: [1, 2],
    options: ['column', 'country', 'yes'],
    async runAlone({ operands, options: { column, country, yes = false }, print, world }) {
      if (column === undefined) throw refuse('--column says which column of the file has the product descriptions.')
      const [workspace, file] = lastAndBefore(operands)
      await createJob(print, world, { workspace, file, column, country, isSure: yes })
    },
  },
  {
    name: 'job rows',
    usage: '<id> [--csv]',
    help: 'Description, code and error of every row, as CSV.',
    operands: [1, 1],
    options: ['csv'],
    run: (admin, { operands: [id = ''], world }) => printJobRows(admin, world, id),
  },
  {
    name: 'jobs unknown',
    usage: '[--json]',
    help: 'What of large jobs an upstream may have taken and charged without our hearing of it.',
    operands: [0, 0],
    options: ['json'],
    run: (admin, { options: { json = false }, print }) => listUnknownSubmits(admin, print, json),
  },
  {
    name: 'job show',
    usage: '<id> [--json]',
    operands: [1, 1],
    options: ['json'],
    run: (admin, { operands: [id = ''], options: { json = false }, print }) => showJob(admin, print, id, json),
  },
  {
    name: 'job pause',
    usage: '<id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) =>
      changeJob(admin, print, id, (jobs, place, actor) => jobs.pause(place, actor)),
  },
  {
    name: 'job resume',
    usage: '<id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) =>
      changeJob(admin, print, id, (jobs, place, actor) => jobs.resume(place, actor)),
  },
  {
    name: 'job cancel',
    usage: '<id>',
    operands: [1, 1],
    run: (admin, { operands: [id = ''], print }) =>
      changeJob(admin, print, id, (jobs, place, actor) => jobs.cancel(place, actor)),
  },
  {
    name: 'job retry',
    usage: '<id> [--all]',
    help: 'Asks again what failed for a passing reason, or was cancelled; with --all whatever failed.',
    operands: [1, 1],
    options: ['all'],
    run: (admin, { operands: [id = ''], options: { all = false }, print }) =>
      changeJob(admin, print, id, (jobs, place, actor) => jobs.retry(place, actor, all)),
  },
]
