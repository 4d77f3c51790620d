/// <reference lib="dom" />
/** Questions to customs experts: which there are, one of them, a new one. */
import { Button } from '@fluentui/react-components'
import { ArrowLeftRegular } from '@fluentui/react-icons'
import { useState, type JSX } from 'react'
import { SHELL_WORDS } from '../shell/words.ts'
import { ViewFrame } from '../shell/view-frame.tsx'
import { useWords } from '../use-pane.ts'
import { ConsultationForm } from './consultation-form.tsx'
import { ConsultationList } from './consultation-list.tsx'
import { ConsultationPage } from './consultation-page.tsx'
import { DESK_WORDS } from './words.ts'

type Page = { kind: 'list' } | { kind: 'new' } | { kind: 'form'; form: string }

export function DeskView(): JSX.Element {
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(DESK_WORDS)
  const [page, setPage] = useState<Page>({ kind: 'list' })
  return (
    <ViewFrame title={views.desk} purpose={words.purpose}>
      {page.kind !== 'list' && (
        <div>
          <Button size="small" icon={<ArrowLeftRegular />} onClick={() => setPage({ kind: 'list' })}>
            {words.back}
          </Button>
        </div>
      )}
      {page.kind === 'list' && (
        <ConsultationList onNew={() => setPage({ kind: 'new' })} onOpen={(form) => setPage({ kind: 'form', form })} />
      )}
      {page.kind === 'new' && <ConsultationForm />}
      {page.kind === 'form' && <ConsultationPage form={page.form} />}
    </ViewFrame>
  )
}
