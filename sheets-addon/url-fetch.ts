/// <reference types="google-apps-script" />
/** What is alike of all requests: how a header is found, and why one could not be sent. */
import { failure, type Failure } from '../shared/error-codes.ts'

/** @param name in any case: proxies on the way change it. */
export function headerOf(response: GoogleAppsScript.URL_Fetch.HTTPResponse, name: string): string | null {
  const headers = response.getHeaders() as Record<string, unknown>
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase())
  return found === undefined ? null : String(headers[found])
}

/**
 * By the message alone can it be told why: `sheets-quota`, or `proxy-unreachable`. Google says it in the person's language; the name of the
 * service whose quota is used up stays what it is.
 */
export function failureOfFetch(error: unknown): Failure {
  return failure(
    /invoked too many times|quota|\burlfetch\b/i.test(String(error)) ? 'sheets-quota' : 'proxy-unreachable',
  )
}
