import { join } from 'node:path'
import { readConfig, readSecrets } from '../../config.ts'
import { rootFolder } from '../../root-folder.ts'
import type { Command } from '../command.ts'
import { moveBack, moveToPostgres } from '../move-to-postgres.ts'
import { refuse } from '../workspaces.ts'

export const MOVE_COMMANDS: readonly Command[] = [
  {
    name: 'move-to-postgres',
    usage: '[--undo]',
    help: 'Moves the data of DATA_DIR to the empty database at DATABASE_URL. The proxy must be stopped. --undo: back to the folder.',
    operands: [0, 0],
    options: ['undo'],
    async runAlone({ options: { undo = false }, print, world }) {
      const { dataFolder } = readConfig(world.environment)
      const { databaseUrl } = readSecrets(world.environment)
      if (undo) return moveBack({ dataFolder, print })
      // Not an option of the command: it holds a password, and shells keep what is typed.
      if (databaseUrl === null) throw refuse('Set DATABASE_URL to the empty PostgreSQL database that the data goes to.')
      const migrations = join(rootFolder(), 'proxy', 'migrations')
      return moveToPostgres({ dataFolder, databaseUrl, migrations, now: Date.now, print })
    },
  },
]
