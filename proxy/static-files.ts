/** Files of the build, each as compressed as whoever asks can read it. */
import type { RequestHandler } from 'express'
import expressStaticGzip from 'express-static-gzip'

/** @param serveStatic as of express.static; the compressed files are looked for once, now. */
export function staticFiles(
  folder: string,
  { index, ...serveStatic }: { index: string | false; cacheControl?: boolean; maxAge?: string },
): RequestHandler {
  return expressStaticGzip(folder, {
    enableBrotli: true,
    // Most clients name gzip first, and mean nothing by it.
    orderPreference: ['br'],
    index,
    serveStatic: { dotfiles: 'ignore', index: false, ...serveStatic },
  })
}
