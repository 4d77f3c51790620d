/// <reference lib="dom" />
/** Approved codes: search, add, remove; and files of them in and out. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Field,
  makeStyles,
  SearchBox,
  Select,
  Text,
  tokens,
} from '@fluentui/react-components'
import { DeleteRegular } from '@fluentui/react-icons'
import { useState, type FormEvent, type JSX } from 'react'
import { TARIFF_COUNTRIES } from '../../country.ts'
import { FACT_NAMES } from '../../memory-protocol.ts'
import { printTariffCode } from '../../tariff-code.ts'
import { printCountry } from '../print-country.ts'
import { Confirm } from '../shell/confirm.tsx'
import { SHELL_WORDS } from '../shell/words.ts'
import { ButtonRow, ErrorBar, ViewFrame } from '../shell/view-frame.tsx'
import { useLanguage, useLoad, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { printNumber, printTime } from '../words.ts'
import { AddForm } from './add-form.tsx'
import { FileForm } from './file-form.tsx'
import {
  createMemoryList,
  type Approval,
  type MemoryList,
  type MemoryPages,
  type MemorySearch,
} from './memory-pages.ts'
import { MEMORY_WORDS } from './words.ts'

const useStyles = makeStyles({
  search: { display: 'grid', gap: tokens.spacingVerticalS },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  entry: {
    display: 'grid',
    gridTemplateColumns: '1fr auto',
    gap: tokens.spacingHorizontalS,
    paddingBlock: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  code: { fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
})

const ALL: MemorySearch = { q: '', country: '' }

export function MemoryView(): JSX.Element {
  const { api } = usePane()
  const { views } = useWords(SHELL_WORDS)
  const words = useWords(MEMORY_WORDS)
  const [list] = useState(() => createMemoryList(api))
  const [times, setTimes] = useState(0)
  const failed = useLoad(() => list.find(list.pages.get()?.search ?? ALL), [list, times])
  const readAnew = (): void => setTimes((before) => before + 1)
  const pages = useObservable(list.pages)
  return (
    <ViewFrame title={views.memory} purpose={words.purpose}>
      <ErrorBar error={failed} onRetry={readAnew} />
      <Accordion collapsible>
        <AccordionItem value="add">
          <AccordionHeader as="h3">{words.addTitle}</AccordionHeader>
          <AccordionPanel>
            <AddForm onAdded={readAnew} />
          </AccordionPanel>
        </AccordionItem>
        <AccordionItem value="files">
          <AccordionHeader as="h3">{words.fileTitle}</AccordionHeader>
          <AccordionPanel>
            <FileForm onImported={readAnew} />
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
      {pages && <SearchForm list={list} />}
      {pages && <Entries list={list} pages={pages} />}
    </ViewFrame>
  )
}

function SearchForm({ list }: { list: MemoryList }): JSX.Element {
  const styles = useStyles()
  const words = useWords(MEMORY_WORDS)
  const language = useLanguage()
  const [search, setSearch] = useState(ALL)
  const finding = useTask((wanted: MemorySearch) => list.find(wanted))
  function submit(event: FormEvent): void {
    event.preventDefault()
    finding.run(search)
  }
  function choose(country: string): void {
    setSearch({ ...search, country })
    finding.run({ ...search, country })
  }
  return (
    <form className={styles.search} onSubmit={submit} role="search">
      <Field label={words.search} hint={words.searchHint}>
        <SearchBox value={search.q} maxLength={200} onChange={(_, { value }) => setSearch({ ...search, q: value })} />
      </Field>
      <Field label={words.country}>
        <Select value={search.country} onChange={(_, { value }) => choose(value)}>
          <option value="">{words.allCountries}</option>
          {TARIFF_COUNTRIES.map((country) => (
            <option key={country} value={country}>
              {printCountry(country, language)}
            </option>
          ))}
        </Select>
      </Field>
      <ButtonRow>
        <Button type="submit" appearance="primary" disabledFocusable={finding.isBusy}>
          {words.find}
        </Button>
      </ButtonRow>
      <ErrorBar error={finding.error} />
    </form>
  )
}

function Entries({ list, pages }: { list: MemoryList; pages: MemoryPages }): JSX.Element {
  const styles = useStyles()
  const words = useWords(MEMORY_WORDS)
  const language = useLanguage()
  const reading = useTask(() => list.more())
  const { entries, after, total } = pages
  return (
    <>
      <Text aria-live="polite" weight="semibold">
        {words.total(total, printNumber(total, language))}
      </Text>
      {entries.length === 0 && <Text>{total === 0 ? words.emptyMemory : words.emptySearch}</Text>}
      <ul className={styles.list} aria-label={words.list}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} list={list} />
        ))}
      </ul>
      <ErrorBar error={reading.error} />
      {after !== null && (
        <Button disabledFocusable={reading.isBusy} onClick={() => reading.run()}>
          {words.more}
        </Button>
      )}
    </>
  )
}

function Entry({ entry, list }: { entry: Approval; list: MemoryList }): JSX.Element {
  const styles = useStyles()
  const words = useWords(MEMORY_WORDS)
  const language = useLanguage()
  const { id, description, facts, country, note, approvedBy, approvedAt, source } = entry
  const removing = useTask(() => list.remove(id))
  const code = printTariffCode(entry.code, 'dots') ?? entry.code
  const named = FACT_NAMES.filter((fact) => facts[fact] !== '')
  return (
    <li className={styles.entry}>
      <div>
        <Text block>{description}</Text>
        {named.length > 0 && (
          <Text block size={200}>
            {named.map((fact) => `${words.facts[fact]}: ${facts[fact]}`).join(' · ')}
          </Text>
        )}
        <Text block>
          <span className={styles.code}>{code}</span> {printCountry(country, language)}
        </Text>
        {note !== '' && (
          <Text block size={200}>
            {words.note(note)}
          </Text>
        )}
        <Text block size={200} className={styles.quiet}>
          {words.approved(approvedBy, printTime(approvedAt, language))} · {words.sources[source]}
        </Text>
        <ErrorBar error={removing.error} />
      </div>
      <Confirm
        button={
          <Button
            appearance="subtle"
            icon={<DeleteRegular />}
            aria-label={words.removeName(description)}
            disabledFocusable={removing.isBusy}
          />
        }
        title={words.removeTitle}
        text={words.removeBody(description, code)}
        act={words.remove}
        onAct={removing.run}
      />
    </li>
  )
}
