import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse } from '../../proxy/open-house.ts'
import { rootFolder } from '../../proxy/root-folder.ts'
import { temporaryFolder } from '../hosts/proxy-process.ts'

const log = { warn: () => {}, error: () => {} }
const MODEL = join('proxy', 'classifier', 'model', 'hs6.model')
const LEXICON = join('proxy', 'classifier', 'lexicon')

let copy: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  copy = temporaryFolder()
  mkdirSync(join(copy.folder, 'proxy', 'classifier', 'model'), { recursive: true })
  symlinkSync(join(rootFolder(), 'proxy', 'migrations'), join(copy.folder, 'proxy', 'migrations'))
})
afterEach(() => copy.remove())

const open = () => openHouse({ rootFolder: copy.folder, dataFolder: null, log })

describe('a classifier that cannot be opened is a coded sentence, not a stack', () => {
  test('a model that is missing, or cut short', async () => {
    symlinkSync(join(rootFolder(), LEXICON), join(copy.folder, LEXICON))
    await expect(open()).rejects.toThrow('TC-607 The classifier model is missing or damaged')
    const model = readFileSync(join(rootFolder(), MODEL))
    writeFileSync(join(copy.folder, MODEL), model.subarray(0, model.length - 1))
    await expect(open()).rejects.toThrow('TC-607')
  })

  test('a lexicon with a chapter that is no lexicon', async () => {
    cpSync(join(rootFolder(), LEXICON), join(copy.folder, LEXICON), { recursive: true })
    cpSync(join(rootFolder(), MODEL), join(copy.folder, MODEL))
    const house = await open()
    expect(house.answer.labels.label('610910', 'en')).toMatch(/cotton/i)
    await house.close()
    writeFileSync(join(copy.folder, LEXICON, '61.txt'), 'not a lexicon\n')
    await expect(open()).rejects.toThrow(/TC-607 .*61\.txt/)
    rmSync(join(copy.folder, LEXICON), { recursive: true })
    await expect(open()).rejects.toThrow('TC-607')
  })
})
