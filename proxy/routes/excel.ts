/**
 * /excel: the manifest with this proxy's own address in it, the pane, and what the pane loads. Files are asked for by version
 * (`functions.js?v=…`) and then kept for good; pages and the manifest name the versions, and are looked at anew each time.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Router, type RequestHandler } from 'express'
import { printManifest } from '../../excel-addin/manifest.ts'
import { failure, sentence } from '../../shared/error-codes.ts'
import { languageOf } from '../errors.ts'
import { filesVersion } from '../files-version.ts'
import { staticFiles } from '../static-files.ts'

export interface ExcelRouteDeps {
  /** Where the built files lie. */
  folder: string
  version: string
  /** null: Excel cannot reach this proxy, because it is not known by an https address. */
  httpsAddress: () => string | null
}

const FOR_GOOD = 'public, max-age=31536000, immutable'
const FOR_A_DAY = 'public, max-age=86400'
// Kept, and asked about by its ETag before each use.
const LOOKED_AT_ANEW = 'no-cache'

export function excelRouter({ folder, version, httpsAddress }: ExcelRouteDeps): Router {
  const router = Router()
  if (!existsSync(join(folder, 'functions.js'))) return router
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  // The two that Excel must never mix have one version.
  const functions = filesVersion(read('functions.js'), read('functions.json'))
  const versions = new Map([
    ['functions.js', functions],
    ['functions.json', functions],
  ])
  for (const name of ['pane.js', 'pane.css']) {
    if (existsSync(join(folder, name))) versions.set(name, filesVersion(read(name)))
  }
  router.get('/manifest.xml', manifestRoute({ version, httpsAddress, filesVersion: functions }))
  router.use(cacheByVersion(versions))
  if (existsSync(join(folder, 'pane.html'))) {
    const page = withVersions(read('pane.html'), versions)
    router.get('/pane.html', (_request, response) => void response.type('html').send(page))
  }
  router.use(staticFiles(folder, { cacheControl: false, index: false }))
  return router
}

/**
 * The address comes from PUBLIC_URL, or from this proxy's own certificate: never from the request, whose Host header anybody can set
 * to have others install an add-in from elsewhere.
 */
function manifestRoute({
  version,
  httpsAddress,
  filesVersion,
}: Omit<ExcelRouteDeps, 'folder'> & { filesVersion: string }): RequestHandler {
  return (request, response) => {
    response.setHeader('Cache-Control', 'no-store')
    const url = httpsAddress()
    if (url === null) {
      response
        .status(409)
        .type('text')
        .send(sentence(failure('manifest-needs-https'), languageOf(request)))
      return
    }
    response.attachment('tariffcell.xml').type('xml').send(printManifest({ url, version, filesVersion }))
  }
}

function cacheByVersion(versions: ReadonlyMap<string, string>): RequestHandler {
  return (request, response, next) => {
    const version = versions.get(request.path.slice(1))
    const isIcon = request.path.startsWith('/icons/')
    const isCurrent = version !== undefined && request.query.v === version
    // An older manifest asks for an older version: it gets what there is, and asks again next time.
    response.setHeader('Cache-Control', isCurrent ? FOR_GOOD : isIcon ? FOR_A_DAY : LOOKED_AT_ANEW)
    next()
  }
}

function withVersions(page: string, versions: ReadonlyMap<string, string>): string {
  return page.replaceAll(/(src|href)="([\w.]+)"/g, (whole, attribute: string, name: string) => {
    const version = versions.get(name)
    return version === undefined ? whole : `${attribute}="${name}?v=${version}"`
  })
}
