/**
 * A certificate for https://localhost, and the authority that signed it, made on this machine: Excel loads nothing by plain http.
 * Kept where Microsoft's own tools for add-ins look for one, so that it is trusted once.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { generateCertificates } from 'office-addin-dev-certs'
import { failure, FailureError } from '../../shared/error-codes.ts'
import { makeFolder } from '../make-folder.ts'

export interface Certificate {
  cert: string
  key: string
  /** The authority's own certificate, which a browser must trust. Its key is not kept: it can sign nothing more. */
  authorityFile: string
  /** Its SHA-1 in hex digits: its name in Windows' store. */
  authorityThumbprint: string
  certificateFile: string
}

export interface CertificateDeps {
  folder: string
  now: () => number
  make: MakeCertificates
}

/** Writes the three files. */
export type MakeCertificates = (files: Files, days: number) => Promise<void>

interface Files {
  authority: string
  certificate: string
  key: string
}

// A new authority must be trusted by hand, so not every month; browsers take no more than 825 days.
const DAYS = 365
const RENEWED_BEFORE_MS = 24 * 3600 * 1000
const OWNER_ONLY = 0o600
const OTHERS = 0o077

export function certificateFolder(): string {
  return join(homedir(), '.office-addin-dev-certs')
}

/** The one that is kept where it is still good, else a new one. @throws {FailureError} `https-unavailable`. */
export async function openCertificate({ folder, now, make }: CertificateDeps): Promise<Certificate> {
  const kept = readCertificate(folder, now())
  if (kept) return kept
  let staging: string | null = null
  try {
    makeFolder(folder)
    // Of its owner alone: the maker writes a key that everybody could read.
    staging = mkdtempSync(join(folder, 'new-'))
    await make(filesIn(staging), DAYS)
    chmodSync(filesIn(staging).key, OWNER_ONLY)
    for (const name of ['key', 'certificate', 'authority'] as const) {
      renameSync(filesIn(staging)[name], filesIn(folder)[name])
    }
  } catch (error) {
    throw unavailable((error as Error).message.split('\n', 1)[0] ?? '', error)
  } finally {
    if (staging !== null) rmSync(staging, { recursive: true, force: true })
  }
  const made = readCertificate(folder, now())
  if (!made) throw unavailable(`what was made in ${folder} cannot be read`)
  return made
}

/**
 * By Microsoft's office-addin-dev-certs, loaded only here: nobody who runs without --https needs it. Of it only `generateCertificates` is
 * used: its `ensureCertificatesAreInstalled` calls sudo, and takes any authority of that name for the right one. Its telemetry
 * (office-addin-usage-data) is gone in the version that is locked, 3.0.0: its methods are empty. Before, only the functions not used here reported.
 */
export const makeCertificates: MakeCertificates = async ({ authority, certificate, key }, days) => {
  let maker: { generateCertificates: typeof generateCertificates }
  try {
    maker = await import('office-addin-dev-certs')
  } catch (error) {
    throw new Error('the package office-addin-dev-certs is not installed; npm ci installs it', { cause: error })
  }
  await maker.generateCertificates(authority, certificate, key, days, ['localhost', '127.0.0.1', '::1'])
}

function filesIn(folder: string): Files {
  return {
    authority: join(folder, 'ca.crt'),
    certificate: join(folder, 'localhost.crt'),
    key: join(folder, 'localhost.key'),
  }
}

/** @returns null when there is none, or it is damaged, soon over, or not for this machine. */
function readCertificate(folder: string, now: number): Certificate | null {
  const files = filesIn(folder)
  try {
    const cert = readFileSync(files.certificate, 'utf8')
    const key = readFileSync(files.key, 'utf8')
    const parsed = new X509Certificate(cert)
    const authority = new X509Certificate(readFileSync(files.authority))
    const isGood =
      parsed.checkHost('localhost') !== undefined &&
      Date.parse(parsed.validFrom) <= now &&
      Date.parse(parsed.validTo) > now + RENEWED_BEFORE_MS &&
      parsed.checkPrivateKey(createPrivateKey(key)) &&
      parsed.verify(authority.publicKey)
    if (!isGood) return null
    keepToOwner(files.key)
    return {
      cert,
      key,
      authorityFile: files.authority,
      authorityThumbprint: authority.fingerprint.replaceAll(':', ''),
      certificateFile: files.certificate,
    }
  } catch {
    return null
  }
}

/** A key that another tool left readable for everybody. Windows has no such bits; there the folder's own rights count. */
function keepToOwner(file: string): void {
  if (process.platform !== 'win32' && (statSync(file).mode & OTHERS) !== 0) chmodSync(file, OWNER_ONLY)
}

function unavailable(detail: string, cause?: unknown): FailureError {
  return new FailureError(failure('https-unavailable', { detail }), { cause })
}
