/// <reference lib="dom" />
/** Every view and its icon. Adding one is its id in view-ids.ts, its name in shell/words.ts, and a line here. */
import {
  AppsListDetailRegular,
  BookmarkMultipleRegular,
  ClipboardTaskListLtrRegular,
  DataTrendingRegular,
  ErrorCircleRegular,
  ImageSearchRegular,
  LockClosedRegular,
  MathFormulaRegular,
  PeopleChatRegular,
  SettingsRegular,
  WalletCreditCardRegular,
  WrenchRegular,
} from '@fluentui/react-icons'
import type { JSX } from 'react'
import { BulkView } from './bulk/bulk-view.tsx'
import { DeskView } from './desk/desk-view.tsx'
import { DoctorView } from './doctor/doctor-view.tsx'
import { ErrorsView } from './errors/errors-view.tsx'
import { FreezeView } from './freeze/freeze-view.tsx'
import { MemoryView } from './memory/memory-view.tsx'
import { PictureView } from './picture/picture-view.tsx'
import { PointsView } from './points/points-view.tsx'
import { ReviewView } from './review/review-view.tsx'
import { SettingsView } from './settings/settings-view.tsx'
import { TradeView } from './trade/trade-view.tsx'
import type { ViewId } from './view-ids.ts'
import { WizardView } from './wizard/wizard-view.tsx'

interface ViewEntry {
  icon: JSX.Element
  component: () => JSX.Element
}

export const VIEWS: Record<ViewId, ViewEntry> = {
  bulk: { icon: <AppsListDetailRegular />, component: BulkView },
  review: { icon: <ClipboardTaskListLtrRegular />, component: ReviewView },
  wizard: { icon: <MathFormulaRegular />, component: WizardView },
  doctor: { icon: <WrenchRegular />, component: DoctorView },
  freeze: { icon: <LockClosedRegular />, component: FreezeView },
  memory: { icon: <BookmarkMultipleRegular />, component: MemoryView },
  picture: { icon: <ImageSearchRegular />, component: PictureView },
  desk: { icon: <PeopleChatRegular />, component: DeskView },
  trade: { icon: <DataTrendingRegular />, component: TradeView },
  points: { icon: <WalletCreditCardRegular />, component: PointsView },
  errors: { icon: <ErrorCircleRegular />, component: ErrorsView },
  settings: { icon: <SettingsRegular />, component: SettingsView },
}

/** Views that have something to say to who is not connected. */
export const WORKS_UNCONNECTED: ReadonlySet<ViewId> = new Set<ViewId>(['bulk', 'errors', 'settings'])
