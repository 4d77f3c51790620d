/** Which IP addresses belong to the public internet. Everything else is somebody's inside, and nobody's request is carried there. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

// All that IPv6 hands out to the public; ranges that do not exist yet, and ::a.b.c.d, lie outside of it.
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

// Looks public, and is the inside of a cloud: Azure's host answers it to the machines on it.
const INSIDE_A_CLOUD = new Set(['168.63.129.16'])

/**
 * @param address as a resolver gives it, without brackets.
 * @returns false for loopback, private, link-local, carrier-grade NAT, multicast, documentation and reserved ranges, for IPv6 forms
 * that carry an IPv4 address elsewhere (mapped ones are judged by it; NAT64, 6to4 and Teredo are refused), and for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  // ::8.8.8.8 is read by ipaddr.js as if it were ::ffff:8.8.8.8; it is another address, and nobody's.
  if (isIP(address) === 0 || /^(?!::ffff:\d).*:.*\./i.test(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  if (parsed instanceof ipaddr.IPv6) return parsed.match(GLOBAL_UNICAST)
  return !INSIDE_A_CLOUD.has(parsed.toString())
}
