import { failure, FailureError } from '../../shared/error-codes.ts'

/** The address of a proxy as the manifest takes it. @throws {FailureError} `bad-addin-address`, saying what is wrong with it. */
export function readAddinAddress(text: string): string {
  const refuse = (detail: string): FailureError =>
    new FailureError(failure('bad-addin-address', { value: text, detail }))
  if (!URL.canParse(text)) throw refuse('it is not an address')
  const url = new URL(text)
  if (url.protocol !== 'https:') throw refuse('Excel loads add-ins by https only, from this machine too')
  if (url.username !== '' || url.password !== '')
    throw refuse('everybody who installs the add-in could read the password in it')
  if (url.search !== '' || url.hash !== '') throw refuse('it must end before ? and #')
  return url.href.replace(/\/+$/, '')
}
