import { expect, test } from 'vitest'
import { printBuildFailure } from '../../proxy/print-build-failure.ts'

const refused = (code: string): Error => Object.assign(new Error(`${code}: mkdir`), { code })

test.each(['EACCES', 'EROFS', 'EPERM'])('a folder that cannot be written (%s) is named, with what to do', (code) => {
  expect(printBuildFailure(refused(code), '/srv/tariffcell/dist')).toMatch(
    new RegExp(`^TC-620 .*/srv/tariffcell/dist cannot be written \\(${code}: mkdir\\)\\. Run it as a user who may`),
  )
})

test('what else goes wrong is not taken for it', () => {
  expect(printBuildFailure(refused('ENOSPC'), 'dist')).toBeNull()
  expect(printBuildFailure('EACCES', 'dist')).toBeNull()
})
