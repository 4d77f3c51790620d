/** DATABASE_URL, read: what `pg` is given, and what may be shown of it. */
import { failure, FailureError } from '../shared/error-codes.ts'

export interface PostgresAddress {
  /** As it was set, password included: for `pg` alone. */
  url: string
  /** `db.example.com:5432/tariffcell`: what an error or a log may say. */
  shown: string
}

/** @throws {FailureError} `bad-setting`, which repeats nothing of it: the password may stand in any part of one that is misspelt. */
export function readPostgresAddress(text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw badAddress('it is not an address such as postgres://user:password@host:5432/tariffcell')
  }
  // A password with a bare / ? or # in it ends the host early, and its rest would pass for a port or a database.
  if (/[@#]/.test(`${url.pathname}${url.search}${url.hash}`)) {
    throw badAddress('write / ? # @ : and % in the password as %2F %3F %23 %40 %3A and %25')
  }
  const host = url.hostname === '' ? (url.searchParams.get('host') ?? 'localhost') : url.hostname
  return { url: text, shown: `${host}:${url.port || '5432'}${url.pathname}` }
}

function badAddress(detail: string): FailureError {
  return new FailureError(failure('bad-setting', { name: 'DATABASE_URL', detail }))
}
