/// <reference types="google-apps-script" />
/** SHA-256 as base64url, 43 characters. */
export function digest(text: string): string {
  const bytes = Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, text, Utilities.Charset.UTF_8)
  return Utilities.base64EncodeWebSafe(bytes).replace(/=+$/, '')
}
