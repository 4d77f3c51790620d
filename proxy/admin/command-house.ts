/** The answering parts for a command line: the proxy's own database where there is one, nothing on disk where there is none. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AnswerDeps, Asker } from '../answer/answer-batch.ts'
import { readConfig, readSecrets, type Environment } from '../config.ts'
import { lockFolderForCommand } from '../lock-folder.ts'
import { createLog } from '../log.ts'
import { openHouse, type House } from '../open-house.ts'
import { rootFolder } from '../root-folder.ts'

export interface CommandHouse {
  house: House
  answer: AnswerDeps
  asker: Asker
  close(): Promise<void>
}

/** @throws {FailureError} with a sentence of kind `start`. */
export async function openCommandHouse(environment: Environment): Promise<CommandHouse> {
  const config = readConfig({ ...environment, LOG_LEVEL: environment.LOG_LEVEL ?? 'error' })
  const { masterKey, databaseUrl } = readSecrets(environment)
  const hasData = databaseUrl !== null || existsSync(join(config.dataFolder, 'tariffcell.sqlite'))
  // Or a proxy that starts meanwhile would take its holds for those of the dead.
  const unlock = hasData && databaseUrl === null ? await lockFolderForCommand(config.dataFolder) : () => undefined
  const house = await openHouse({
    rootFolder: rootFolder(),
    dataFolder: hasData ? config.dataFolder : null,
    databaseUrl,
    masterKey,
    routing: config.routing,
    log: createLog(config.logLevel),
  })
  const workspaceId = (await house.seats.firstWorkspaceId()) ?? 'none'
  return {
    house,
    answer: house.answer,
    // Whoever can read the data folder, or knows the database's password, is the owner of what is in it.
    asker: {
      workspaceId,
      seatId: (await house.seats.ownerSeatId(workspaceId)) ?? 'none',
      dailyCapPoints: null,
      maySpend: hasData,
    },
    async close() {
      await house.close()
      unlock()
    },
  }
}
