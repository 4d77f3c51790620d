/**
 * Whether this machine trusts the certificate's authority, and how it comes to. On Windows and the Mac the system itself asks the
 * person; on Linux each browser has a list of its own, so it is only said how.
 */
import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Certificate } from './certificate.ts'

export interface TrustDeps {
  platform: NodeJS.Platform
  /** Somebody sits there to answer the system's question. */
  isAttended: boolean
  /** Resolves when the command ended well. */
  run: (command: string, args: readonly string[]) => Promise<unknown>
}

type Command = [string, ...string[]]

interface Ways {
  isTrusted: Command
  trust: Command
}

// The system's question waits for a person, and not for ever.
const ANSWERED_WITHIN_MS = 120_000

export const trustDeps: TrustDeps = {
  platform: process.platform,
  isAttended: process.stdout.isTTY && process.stdin.isTTY,
  run: (command, args) => promisify(execFile)(command, [...args], { timeout: ANSWERED_WITHIN_MS, windowsHide: true }),
}

/** @returns lines for the person, none when it is trusted. Never throws: without trust the proxy runs, and the browser warns. */
export async function trustCertificate(deps: TrustDeps, certificate: Certificate): Promise<string[]> {
  const ways = waysOf(deps.platform, certificate)
  if (!ways) return adviceForBrowsers(certificate)
  if (await succeeds(deps, ways.isTrusted)) return []
  if (deps.isAttended && (await succeeds(deps, ways.trust))) return []
  return [
    'This machine does not trust the certificate yet. Run this once, and agree:',
    `  ${ways.trust.map(quote).join(' ')}`,
  ]
}

function waysOf(
  platform: NodeJS.Platform,
  { authorityFile, authorityThumbprint, certificateFile }: Certificate,
): Ways | null {
  switch (platform) {
    case 'win32':
      return {
        isTrusted: ['certutil', '-user', '-store', 'Root', authorityThumbprint],
        trust: ['certutil', '-user', '-addstore', 'Root', authorityFile],
      }
    case 'darwin': {
      const keychain = join(homedir(), 'Library', 'Keychains', 'login.keychain-db')
      return {
        isTrusted: ['security', 'verify-cert', '-c', certificateFile, '-p', 'ssl', '-s', 'localhost'],
        trust: ['security', 'add-trusted-cert', '-r', 'trustRoot', '-k', keychain, authorityFile],
      }
    }
    default:
      return null
  }
}

function adviceForBrowsers({ authorityFile }: Certificate): string[] {
  return [
    `So that the browser trusts it, import ${authorityFile} once as an authority for websites:`,
    '  Chrome, Edge: Settings > Privacy and security > Security > Manage certificates',
    '  Firefox: Settings > Privacy & Security > Certificates > View Certificates > Authorities',
  ]
}

async function succeeds({ run }: TrustDeps, [command, ...args]: Command): Promise<boolean> {
  try {
    await run(command, args)
    return true
  } catch {
    return false
  }
}

function quote(text: string): string {
  return /[^\w./:\\-]/.test(text) ? `"${text}"` : text
}
