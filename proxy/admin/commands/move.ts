import { join } from 'node:path'
import { readConfig, readSecrets } from '../../config.ts'
import { rootFolder } from '../../root-folder.ts'
import type { Command } from '../command.ts'
import { moveBack, moveToPostgres } from '../move-to-postgres.ts'
import { refuse } from '../workspaces.ts'

export const MOVE_COMMANDS: readonly Command[] = [
  {
    name: 'move-to-postgres',
    usage: '[--undo [--force]]',
    help: 'Moves the data of DATA_DIR to the empty database at DATABASE_URL. The proxy must be stopped. --undo: back to the folder as it was, without what was done on PostgreSQL since; refused while proxies are connected there, but for --force.',
    operands: [0, 0],
    options: ['undo', 'force'],
    async runAlone({ options: { undo = false, force = false }, print, world }) {
      const { dataFolder } = readConfig(world.environment)
      const { databaseUrl } = readSecrets(world.environment)
      if (undo) return moveBack({ dataFolder, databaseUrl, isForced: force, print })
      // Not an option of the command: it holds a password, and shells keep what is typed.
      if (databaseUrl === null) throw refuse('Set DATABASE_URL to the empty PostgreSQL database that the data goes to.')
      const migrations = join(rootFolder(), 'proxy', 'migrations')
      return moveToPostgres({ dataFolder, databaseUrl, migrations, now: Date.now, print })
    },
  },
]
