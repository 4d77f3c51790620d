/** What a browser lets our pages do: the playground on its own, the pane inside of Excel. */
import type { RequestHandler } from 'express'
import helmet from 'helmet'

type PagePolicy = Readonly<Record<string, readonly string[]>>

// Measured in Chromium: nothing more is needed, and nothing less works.
const ON_ITS_OWN: PagePolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // The spreadsheet adds style elements and positions its cells with inline styles.
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ['data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/**
 * Excel loads Office.js from Microsoft, and on the web shows the pane in a frame of its own pages: every page above it must be allowed,
 * SharePoint's round Excel's round ours. Microsoft publishes no list (office-js issues 1005, 3342); these are the ones people met.
 * Office.js needs inline styles and no eval; its telemetry frame is not let in, and nothing waits for it.
 */
const OFFICE_SCRIPTS = ['https://appsforoffice.microsoft.com', 'https://ajax.aspnetcdn.com']
const OFFICE_PAGES = [
  'https://*.officeapps.live.com',
  'https://*.live.com',
  'https://*.office.com',
  'https://*.office365.com',
  'https://*.microsoft365.com',
  'https://*.cloud.microsoft',
  'https://*.sharepoint.com',
  // Workbooks in Teams.
  'https://*.teams.microsoft.com',
  'https://teams.microsoft.com',
  // Microsoft 365 as 21Vianet runs it in China.
  'https://*.officewebapps.cn',
  'https://*.sharepoint.cn',
]
const IN_OFFICE: PagePolicy = {
  ...ON_ITS_OWN,
  'script-src': ["'self'", ...OFFICE_SCRIPTS],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'", ...OFFICE_SCRIPTS],
  'frame-ancestors': ["'self'", ...OFFICE_PAGES],
}

export const ownPageHeaders = pageHeaders(ON_ITS_OWN)
export const excelPageHeaders = pageHeaders(IN_OFFICE)

function pageHeaders(policy: PagePolicy): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: Object.fromEntries(Object.entries(policy)) },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    // The pane's frame policy is in frame-ancestors, which this older header cannot say.
    xFrameOptions: policy === ON_ITS_OWN,
    ...(policy === IN_OFFICE
      ? { crossOriginOpenerPolicy: false, crossOriginResourcePolicy: { policy: 'cross-origin' as const } }
      : {}),
  })
}
