/** Fluent's themes with the product's green in place of the brand's blue. Contrast on each: at least 4.5 to 1. */
import type { Theme } from '@fluentui/react-components'

const LIGHT: Partial<Theme> = {
  colorBrandBackground: '#1f6f63',
  colorBrandBackgroundHover: '#185a50',
  colorBrandBackgroundPressed: '#11463e',
  colorBrandBackgroundSelected: '#185a50',
  colorCompoundBrandBackground: '#1f6f63',
  colorCompoundBrandBackgroundHover: '#185a50',
  colorCompoundBrandBackgroundPressed: '#11463e',
  colorCompoundBrandStroke: '#1f6f63',
  colorCompoundBrandStrokeHover: '#185a50',
  colorCompoundBrandStrokePressed: '#11463e',
  colorCompoundBrandForeground1: '#1f6f63',
  colorCompoundBrandForeground1Hover: '#185a50',
  colorCompoundBrandForeground1Pressed: '#11463e',
  colorBrandForeground1: '#1f6f63',
  colorBrandForeground2: '#185a50',
  colorBrandForegroundLink: '#1f6f63',
  colorBrandForegroundLinkHover: '#185a50',
  colorBrandForegroundLinkPressed: '#11463e',
  colorBrandStroke1: '#1f6f63',
  colorBrandStroke2: '#9fd3c7',
  colorBrandBackground2: '#e3f3ef',
}
const DARK: Partial<Theme> = {
  colorBrandBackground: '#127a68',
  colorBrandBackgroundHover: '#168f7a',
  colorBrandBackgroundPressed: '#185a50',
  colorBrandBackgroundSelected: '#1f6f63',
  colorCompoundBrandBackground: '#4fbfa8',
  colorCompoundBrandBackgroundHover: '#6fceba',
  colorCompoundBrandBackgroundPressed: '#3aa891',
  colorCompoundBrandStroke: '#4fbfa8',
  colorCompoundBrandStrokeHover: '#6fceba',
  colorCompoundBrandStrokePressed: '#3aa891',
  colorCompoundBrandForeground1: '#4fbfa8',
  colorCompoundBrandForeground1Hover: '#6fceba',
  colorCompoundBrandForeground1Pressed: '#3aa891',
  colorBrandForeground1: '#4fbfa8',
  colorBrandForeground2: '#6fceba',
  colorBrandForegroundLink: '#4fbfa8',
  colorBrandForegroundLinkHover: '#6fceba',
  colorBrandForegroundLinkPressed: '#3aa891',
  colorBrandStroke1: '#4fbfa8',
  colorBrandStroke2: '#185a50',
  colorBrandBackground2: '#0a3a32',
}

export function brandTheme(theme: Theme, isDark: boolean): Theme {
  return { ...theme, ...(isDark ? DARK : LIGHT) }
}
