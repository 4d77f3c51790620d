import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * What one caller is counted as: an IPv4 address, or the first half of an IPv6 address, because whoever has one of those has 2^64.
 * @param address as the socket gives it.
 * @param bits 48 where whoever has many such networks, as one easily has, must not count as many.
 */
export function addressGroup(address: string, bits: 48 | 64 = 64): string {
  if (isIP(address) === 0) return 'unknown'
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString()
  return `${parsed.parts
    .slice(0, bits / 16)
    .map((part) => part.toString(16))
    .join(':')}::/${bits}`
}
