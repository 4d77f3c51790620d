/**
 * Countries as people write them in a cell, and the tariff treatments an origin can claim.
 * A country is an ISO 3166-1 alpha-2 code; `EU` stands for the customs union.
 */
import { failure, type Failure } from './error-codes.ts'

/** ISO 3166-1 alpha-2, upper case, or `EU`. */
export type Country = string

/** Countries whose tariffs come with the product. */
export const TARIFF_COUNTRIES: readonly Country[] = ['CA', 'US', 'CN', 'JP']

const NAMES =
  'AD Andorra;AE United Arab Emirates;AF Afghanistan;AG Antigua & Barbuda;AI Anguilla;AL Albania;AM Armenia;' +
  'AO Angola;AQ Antarctica;AR Argentina;AS American Samoa;AT Austria;AU Australia;AW Aruba;AX Åland Islands;' +
  'AZ Azerbaijan;BA Bosnia & Herzegovina;BB Barbados;BD Bangladesh;BE Belgium;BF Burkina Faso;BG Bulgaria;' +
  'BH Bahrain;BI Burundi;BJ Benin;BL St. Barthélemy;BM Bermuda;BN Brunei;BO Bolivia;BQ Caribbean Netherlands;' +
  'BR Brazil;BS Bahamas;BT Bhutan;BV Bouvet Island;BW Botswana;BY Belarus;BZ Belize;CA Canada;' +
  'CC Cocos (Keeling) Islands;CD Congo - Kinshasa;CF Central African Republic;CG Congo - Brazzaville;' +
  "CH Switzerland;CI Côte d'Ivoire;CK Cook Islands;CL Chile;CM Cameroon;CN China;CO Colombia;CR Costa Rica;" +
  'CU Cuba;CV Cape Verde;CW Curaçao;CX Christmas Island;CY Cyprus;CZ Czechia;DE Germany;DJ Djibouti;DK Denmark;' +
  'DM Dominica;DO Dominican Republic;DZ Algeria;EC Ecuador;EE Estonia;EG Egypt;EH Western Sahara;ER Eritrea;' +
  'ES Spain;ET Ethiopia;FI Finland;FJ Fiji;FK Falkland Islands;FM Micronesia;FO Faroe Islands;FR France;GA Gabon;' +
  'GB United Kingdom;GD Grenada;GE Georgia;GF French Guiana;GG Guernsey;GH Ghana;GI Gibraltar;GL Greenland;' +
  'GM Gambia;GN Guinea;GP Guadeloupe;GQ Equatorial Guinea;GR Greece;GS South Georgia & South Sandwich Islands;' +
  'GT Guatemala;GU Guam;GW Guinea-Bissau;GY Guyana;HK Hong Kong SAR China;HM Heard & McDonald Islands;' +
  'HN Honduras;HR Croatia;HT Haiti;HU Hungary;ID Indonesia;IE Ireland;IL Israel;IM Isle of Man;IN India;' +
  'IO British Indian Ocean Territory;IQ Iraq;IR Iran;IS Iceland;IT Italy;JE Jersey;JM Jamaica;JO Jordan;JP Japan;' +
  'KE Kenya;KG Kyrgyzstan;KH Cambodia;KI Kiribati;KM Comoros;KN St. Kitts & Nevis;KP North Korea;KR South Korea;' +
  'KW Kuwait;KY Cayman Islands;KZ Kazakhstan;LA Laos;LB Lebanon;LC St. Lucia;LI Liechtenstein;LK Sri Lanka;' +
  'LR Liberia;LS Lesotho;LT Lithuania;LU Luxembourg;LV Latvia;LY Libya;MA Morocco;MC Monaco;MD Moldova;' +
  'ME Montenegro;MF St. Martin;MG Madagascar;MH Marshall Islands;MK North Macedonia;ML Mali;MM Myanmar (Burma);' +
  'MN Mongolia;MO Macao SAR China;MP Northern Mariana Islands;MQ Martinique;MR Mauritania;MS Montserrat;MT Malta;' +
  'MU Mauritius;MV Maldives;MW Malawi;MX Mexico;MY Malaysia;MZ Mozambique;NA Namibia;NC New Caledonia;NE Niger;' +
  'NF Norfolk Island;NG Nigeria;NI Nicaragua;NL Netherlands;NO Norway;NP Nepal;NR Nauru;NU Niue;NZ New Zealand;' +
  'OM Oman;PA Panama;PE Peru;PF French Polynesia;PG Papua New Guinea;PH Philippines;PK Pakistan;PL Poland;' +
  'PM St. Pierre & Miquelon;PN Pitcairn Islands;PR Puerto Rico;PS Palestinian Territories;PT Portugal;PW Palau;' +
  'PY Paraguay;QA Qatar;RE Réunion;RO Romania;RS Serbia;RU Russia;RW Rwanda;SA Saudi Arabia;SB Solomon Islands;' +
  'SC Seychelles;SD Sudan;SE Sweden;SG Singapore;SH St. Helena;SI Slovenia;SJ Svalbard & Jan Mayen;SK Slovakia;' +
  'SL Sierra Leone;SM San Marino;SN Senegal;SO Somalia;SR Suriname;SS South Sudan;ST São Tomé & Príncipe;' +
  'SV El Salvador;SX Sint Maarten;SY Syria;SZ Eswatini;TC Turks & Caicos Islands;TD Chad;' +
  'TF French Southern Territories;TG Togo;TH Thailand;TJ Tajikistan;TK Tokelau;TL Timor-Leste;TM Turkmenistan;' +
  'TN Tunisia;TO Tonga;TR Türkiye;TT Trinidad & Tobago;TV Tuvalu;TW Taiwan;TZ Tanzania;UA Ukraine;UG Uganda;' +
  'UM U.S. Outlying Islands;US United States;UY Uruguay;UZ Uzbekistan;VA Vatican City;' +
  'VC St. Vincent & Grenadines;VE Venezuela;VG British Virgin Islands;VI U.S. Virgin Islands;VN Vietnam;' +
  'VU Vanuatu;WF Wallis & Futuna;WS Samoa;YE Yemen;YT Mayotte;ZA South Africa;ZM Zambia;ZW Zimbabwe;'

/** What people write instead of the ISO code or the English short name; folded as `fold` does. */
const ALIASES: Record<string, Country> = {
  USA: 'US',
  'U S A': 'US',
  'U S': 'US',
  AMERICA: 'US',
  'UNITED STATES OF AMERICA': 'US',
  美国: 'US',
  'ÉTATS UNIS': 'US',
  'ETATS UNIS': 'US',
  CAN: 'CA',
  加拿大: 'CA',
  CHN: 'CN',
  PRC: 'CN',
  'P R CHINA': 'CN',
  'PR CHINA': 'CN',
  'MAINLAND CHINA': 'CN',
  中国: 'CN',
  CHINE: 'CN',
  JPN: 'JP',
  日本: 'JP',
  JAPON: 'JP',
  MEX: 'MX',
  墨西哥: 'MX',
  MEXIQUE: 'MX',
  UK: 'GB',
  GBR: 'GB',
  'GREAT BRITAIN': 'GB',
  ENGLAND: 'GB',
  SCOTLAND: 'GB',
  WALES: 'GB',
  英国: 'GB',
  'ROYAUME UNI': 'GB',
  KOR: 'KR',
  KOREA: 'KR',
  'REPUBLIC OF KOREA': 'KR',
  'KOREA REPUBLIC OF': 'KR',
  韩国: 'KR',
  'CORÉE DU SUD': 'KR',
  PRK: 'KP',
  DPRK: 'KP',
  DEU: 'DE',
  德国: 'DE',
  ALLEMAGNE: 'DE',
  FRA: 'FR',
  法国: 'FR',
  ITA: 'IT',
  意大利: 'IT',
  ITALIE: 'IT',
  ESP: 'ES',
  西班牙: 'ES',
  ESPAGNE: 'ES',
  NLD: 'NL',
  HOLLAND: 'NL',
  'THE NETHERLANDS': 'NL',
  EU: 'EU',
  'EUROPEAN UNION': 'EU',
  欧盟: 'EU',
  UE: 'EU',
  IND: 'IN',
  印度: 'IN',
  INDE: 'IN',
  VNM: 'VN',
  'VIET NAM': 'VN',
  越南: 'VN',
  THA: 'TH',
  泰国: 'TH',
  IDN: 'ID',
  MYS: 'MY',
  SGP: 'SG',
  PHL: 'PH',
  AUS: 'AU',
  澳大利亚: 'AU',
  NZL: 'NZ',
  CHE: 'CH',
  SUISSE: 'CH',
  TUR: 'TR',
  TURKEY: 'TR',
  RUS: 'RU',
  'RUSSIAN FEDERATION': 'RU',
  俄罗斯: 'RU',
  BRA: 'BR',
  BRÉSIL: 'BR',
  TWN: 'TW',
  台湾: 'TW',
  'CHINESE TAIPEI': 'TW',
  HKG: 'HK',
  'HONG KONG': 'HK',
  香港: 'HK',
  MACAU: 'MO',
  MACAO: 'MO',
  BURMA: 'MM',
  MYANMAR: 'MM',
  'CZECH REPUBLIC': 'CZ',
  'IVORY COAST': 'CI',
  LAO: 'LA',
  'LAO PDR': 'LA',
  CONGO: 'CG',
  UAE: 'AE',
  BGD: 'BD',
  PAK: 'PK',
  POL: 'PL',
  BEL: 'BE',
  SWE: 'SE',
}

const BY_NAME = new Map<string, Country>(Object.entries(ALIASES))
for (const entry of NAMES.split(';').filter(Boolean)) {
  const code = entry.slice(0, 2)
  BY_NAME.set(code, code)
  BY_NAME.set(fold(entry.slice(3)), code)
}

/** @returns the ISO code, or the failure `unknown-country` that lists what would have been understood. */
export function parseCountry(text: string): Country | Failure {
  const country = BY_NAME.get(fold(text))
  return country ?? failure('unknown-country', { value: text.slice(0, 40) })
}

function fold(text: string): string {
  return text
    .normalize('NFC')
    .toUpperCase()
    .replaceAll(/[.,\-_()&'’]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
}

const EU_MEMBERS = 'EU AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK EU'.split(' ')
// Entered into force for each of them (the United Kingdom on 2024-12-15).
const CPTPP = 'AU BN CA CL GB JP MX MY NZ PE SG VN'.split(' ')
const ASEAN = 'BN ID KH LA MM MY PH SG TH VN'.split(' ')
const CAFTA_DR = 'CR DO GT HN NI SV'.split(' ')

const CLAIMS: Record<Country, readonly { treatment: string; origins: readonly Country[] }[]> = {
  CA: [
    { treatment: 'UST', origins: ['US'] },
    { treatment: 'MXT', origins: ['MX'] },
    { treatment: 'CEUT', origins: EU_MEMBERS },
    { treatment: 'UKT', origins: ['GB'] },
    { treatment: 'KRT', origins: ['KR'] },
    { treatment: 'CPTPT', origins: CPTPP },
  ],
  US: [
    { treatment: 'S', origins: ['CA', 'MX'] },
    { treatment: 'AU', origins: ['AU'] },
    { treatment: 'BH', origins: ['BH'] },
    { treatment: 'CL', origins: ['CL'] },
    { treatment: 'CO', origins: ['CO'] },
    { treatment: 'IL', origins: ['IL'] },
    { treatment: 'JO', origins: ['JO'] },
    { treatment: 'JP', origins: ['JP'] },
    { treatment: 'KR', origins: ['KR'] },
    { treatment: 'MA', origins: ['MA'] },
    { treatment: 'OM', origins: ['OM'] },
    { treatment: 'P', origins: CAFTA_DR },
    { treatment: 'PA', origins: ['PA'] },
    { treatment: 'PE', origins: ['PE'] },
    { treatment: 'SG', origins: ['SG'] },
  ],
  JP: [
    { treatment: 'EPA-SG', origins: ['SG'] },
    { treatment: 'EPA-MX', origins: ['MX'] },
    { treatment: 'EPA-MY', origins: ['MY'] },
    { treatment: 'EPA-CL', origins: ['CL'] },
    { treatment: 'EPA-TH', origins: ['TH'] },
    { treatment: 'EPA-ID', origins: ['ID'] },
    { treatment: 'EPA-BN', origins: ['BN'] },
    { treatment: 'EPA-ASEAN', origins: ASEAN },
    { treatment: 'EPA-PH', origins: ['PH'] },
    { treatment: 'EPA-CH', origins: ['CH'] },
    { treatment: 'EPA-VN', origins: ['VN'] },
    { treatment: 'EPA-IN', origins: ['IN'] },
    { treatment: 'EPA-PE', origins: ['PE'] },
    { treatment: 'EPA-AU', origins: ['AU'] },
    { treatment: 'EPA-MN', origins: ['MN'] },
    { treatment: 'EPA-CPTPP', origins: CPTPP },
    { treatment: 'EPA-EU', origins: EU_MEMBERS },
    { treatment: 'EPA-UK', origins: ['GB'] },
    { treatment: 'EPA-RCEP-ASEAN', origins: [...ASEAN, 'AU', 'NZ'] },
    { treatment: 'EPA-RCEP-CN', origins: ['CN'] },
    { treatment: 'EPA-RCEP-KR', origins: ['KR'] },
    { treatment: 'EPA-US', origins: ['US'] },
  ],
}

// Origins that get neither MFN nor a preference: Canada's General Tariff, the United States' column 2.
const WITHOUT_MFN: Record<Country, { treatment: string; origins: readonly Country[] }> = {
  CA: { treatment: 'GT', origins: ['KP', 'RU', 'BY'] },
  US: { treatment: 'COL2', origins: ['BY', 'CU', 'KP', 'RU'] },
}

/** The treatment of goods from an origin outside most-favoured-nation terms; null for all others. */
export function treatmentWithoutMfn(destination: Country, origin: Country): string | null {
  const rule = WITHOUT_MFN[destination]
  return rule?.origins.includes(origin) ? rule.treatment : null
}

/** Country-wide agreements an origin can claim, if the goods meet its rules of origin and the importer holds the proof.
 * Programmes limited to products or lapsed (US GSP, AGOA, CBI; Japan's GSP and LDC lists) are never chosen by origin: ask for
 * them with `treatment=`.
 * @returns treatments in the publisher's column order; empty where there is none.
 */
export function claimableTreatments(destination: Country, origin: Country): string[] {
  // A country is a party to its own agreements, but its own goods that come back claim none of them.
  if (destination === origin) return []
  return (CLAIMS[destination] ?? []).filter((claim) => claim.origins.includes(origin)).map((claim) => claim.treatment)
}
