/** The parts of the pane a person goes to, in the order of the menu. The first four have a tab of their own. */
export const VIEW_IDS = [
  'bulk',
  'review',
  'wizard',
  'doctor',
  'freeze',
  'memory',
  'picture',
  'desk',
  'trade',
  'points',
  'errors',
  'settings',
] as const
export type ViewId = (typeof VIEW_IDS)[number]

export function isViewId(text: string | null): text is ViewId {
  return (VIEW_IDS as readonly (string | null)[]).includes(text)
}
