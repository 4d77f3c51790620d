/**
 * `owner` runs the workspace; `seat` is a person or add-in; `cell` asks single cells: by WEBSERVICE and IMPORTDATA, whose token stands in
 * an address, or by the formulas of one spreadsheet.
 */
export type Role = 'owner' | 'seat' | 'cell'

/** Who asks, by the token that was shown. */
export interface Seat {
  id: string
  /** The first seat of the line of makers it comes from; its own id, where no seat made it. */
  firstId: string
  workspaceId: string
  workspaceName: string
  name: string
  role: Role
  /** Points a day; null is without a limit of its own. */
  dailyCapPoints: number | null
  /** The mark of the spreadsheet it answers; null: it asks from anywhere. */
  spreadsheet: string | null
  /** Milliseconds since 1970, where the token was replaced by a newer one; null: it is the newest. */
  tokenEndsAt: number | null
}
