/** The product's mark (shared/pane/shell/mark.tsx) drawn for one size: on whole pixels, because at 16 a blurred line is lost. */
export function drawIcon(size: number): string {
  // Even, so that the stem stands in the middle without half a pixel on either side.
  const stroke = 2 * Math.max(1, Math.round(size * 0.06))
  const left = Math.round(size * 0.19)
  const top = Math.round(size * 0.24)
  const bottom = Math.round(size * 0.81)
  const round = stroke / 2
  const rect = (x: number, y: number, width: number, height: number): string =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">
  <rect width="${size}" height="${size}" rx="${size / 4}" fill="#1f6f63"/>
  <g fill="#fff">${rect(left, top, size - 2 * left, stroke)}${rect((size - stroke) / 2, top, stroke, bottom - top)}</g>
</svg>`
}
