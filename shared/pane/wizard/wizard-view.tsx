/// <reference lib="dom" />
/** The function wizard: choose, fill in, see, insert. */
import { Button, Field, Link, makeStyles, SearchBox, Text, tokens } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { functionSpec, type FunctionName } from '../../functions.ts'
import { SHELL_WORDS } from '../shell/words.ts'
import { ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useWords } from '../use-pane.ts'
import { findFunctions } from './find-functions.ts'
import { FormulaForm } from './formula-form.tsx'
import { WIZARD_WORDS } from './words.ts'

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: tokens.spacingVerticalXS },
  heading: { margin: 0, marginTop: tokens.spacingVerticalM, fontSize: tokens.fontSizeBase300 },
  item: { paddingBlock: tokens.spacingVerticalXS },
  name: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightSemibold },
  back: { justifySelf: 'start', alignSelf: 'flex-start' },
})

export function WizardView(): JSX.Element {
  const styles = useStyles()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(WIZARD_WORDS)
  const { wizardDraft } = usePane()
  const filled = useObservable(wizardDraft)
  const [search, setSearch] = useState('')
  return (
    <ViewFrame title={views.wizard} {...(filled ? {} : { purpose: words.purpose })}>
      {filled ? (
        <>
          <Button className={styles.back} size="small" onClick={() => wizardDraft.set(null)}>
            {words.back}
          </Button>
          <FormulaForm key={filled.fn} filled={filled} />
        </>
      ) : (
        <>
          <Field label={words.search} hint={words.searchHint}>
            <SearchBox value={search} onChange={(_, { value }) => setSearch(value)} />
          </Field>
          <FunctionList search={search} onChoose={(fn) => wizardDraft.set({ fn, given: {}, options: {} })} />
        </>
      )}
    </ViewFrame>
  )
}

function FunctionList({ search, onChoose }: { search: string; onChoose: (fn: FunctionName) => void }): JSX.Element {
  const styles = useStyles()
  const words = useWords(WIZARD_WORDS)
  const language = useLanguage()
  const groups = findFunctions(search)
  if (groups.length === 0) return <Text role="status">{words.noFunction}</Text>
  return (
    <>
      {groups.map(({ group, names }) => (
        <section key={group} aria-label={words.groups[group]}>
          <h3 className={styles.heading}>{words.groups[group]}</h3>
          <ul className={styles.list}>
            {names.map((name) => (
              <li key={name} className={styles.item}>
                <Link as="button" className={styles.name} onClick={() => onChoose(name)}>
                  {name}
                </Link>
                <Text block size={200}>
                  {functionSpec(name).summary[language]}
                </Text>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
