/** From what the model believes to the chance of being right: a monotone curve through measured points. */

/** Points of belief and chance, both rising from 0 to 1; straight lines between them. */
export type CalibrationCurve = readonly (readonly [belief: number, chance: number])[]

export interface Calibration {
  subheading: CalibrationCurve
  heading: CalibrationCurve
}

/** @param belief 0–1. */
export function chanceOf(curve: CalibrationCurve, belief: number): number {
  const above = curve.findIndex(([known]) => known >= belief)
  const [beliefAbove, chanceAbove] = curve[above < 0 ? curve.length - 1 : above]!
  if (above <= 0) return chanceAbove
  const [beliefBelow, chanceBelow] = curve[above - 1]!
  const share = (belief - beliefBelow) / (beliefAbove - beliefBelow)
  return chanceBelow + share * (chanceAbove - chanceBelow)
}

/** Whether points are a curve: both sides within 0–1, beliefs rising from 0 to 1, chances never falling. */
export function isCurve(points: CalibrationCurve): boolean {
  return (
    points.length >= 2 &&
    points[0]![0] === 0 &&
    points.at(-1)![0] === 1 &&
    points.every(([belief, chance], at) => {
      const [beliefBefore, chanceBefore] = points[at - 1] ?? [-1, 0]
      return belief > beliefBefore && chance >= chanceBefore && chance <= 1
    })
  )
}
