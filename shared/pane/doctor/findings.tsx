/// <reference lib="dom" />
/** What was found in a column, group by group: what the cell holds, what it becomes, and why. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Button,
  Checkbox,
  Link,
  makeStyles,
  Text,
  tokens,
} from '@fluentui/react-components'
import {
  ArrowRightRegular,
  CheckmarkCircleRegular,
  DismissCircleRegular,
  GlobeRegular,
  QuestionCircleRegular,
  TextWholeWordRegular,
  WrenchRegular,
} from '@fluentui/react-icons'
import { useState, type JSX } from 'react'
import type { Language } from '../../language.ts'
import { printTariffCode } from '../../tariff-code.ts'
import { ButtonRow } from '../shell/view-frame.tsx'
import { useLanguage, useObservable, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printNumber } from '../words.ts'
import { rewrite, type Examination, type Finding } from './code-doctor.ts'
import { writeCode, type Diagnosis } from './diagnosis.ts'
import { DOCTOR_WORDS, type DoctorWords } from './words.ts'

const GROUPS: readonly Diagnosis['kind'][] = ['repair', 'elsewhere', 'not-found', 'short', 'hopeless', 'fine']
const ICONS: Record<Diagnosis['kind'], JSX.Element> = {
  repair: <WrenchRegular />,
  elsewhere: <GlobeRegular />,
  'not-found': <QuestionCircleRegular />,
  short: <TextWholeWordRegular />,
  hopeless: <DismissCircleRegular />,
  fine: <CheckmarkCircleRegular />,
}
const SHOWN_FIRST = 50

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gap: tokens.spacingVerticalS },
  item: {
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    alignItems: 'start',
    paddingBottom: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  alone: { gridTemplateColumns: '1fr' },
  change: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  code: { fontFamily: tokens.fontFamilyMonospace, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  before: { color: tokens.colorNeutralForeground2 },
  after: { fontWeight: tokens.fontWeightSemibold },
  why: { color: tokens.colorNeutralForeground2 },
  hint: { display: 'block', marginBottom: tokens.spacingVerticalS },
})

export function Findings({ examination }: { examination: Examination }): JSX.Element {
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const groups = GROUPS.map((kind) => ({
    kind,
    findings: examination.findings.filter(({ diagnosis }) => diagnosis.kind === kind),
  })).filter(({ findings }) => findings.length > 0)
  return (
    <Accordion multiple collapsible defaultOpenItems={groups.slice(0, 1).map(({ kind }) => kind)}>
      {groups.map(({ kind, findings }) => {
        const cells = findings.reduce((sum, finding) => sum + finding.cells, 0)
        return (
          <AccordionItem key={kind} value={kind}>
            <AccordionHeader icon={ICONS[kind]} as="h3">
              {words.groups[kind]}: {words.cells(cells, printNumber(cells, language))}
            </AccordionHeader>
            <AccordionPanel>
              <Group kind={kind} findings={findings} examination={examination} />
            </AccordionPanel>
          </AccordionItem>
        )
      })}
    </Accordion>
  )
}

function Group({
  kind,
  findings,
  examination,
}: {
  kind: Diagnosis['kind']
  findings: readonly Finding[]
  examination: Examination
}): JSX.Element {
  const styles = useStyles()
  const { doctor } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const [shown, setShown] = useState(SHOWN_FIRST)
  const keys = findings.map(({ key }) => key)
  const left = findings.length - shown
  return (
    <>
      <Text className={styles.hint} size={200}>
        {words.groupHints[kind]}
      </Text>
      {kind === 'repair' && findings.length > 1 && (
        <ButtonRow>
          <Button size="small" appearance="subtle" onClick={() => doctor.tick(keys, true)}>
            {words.tickAll}
          </Button>
          <Button size="small" appearance="subtle" onClick={() => doctor.tick(keys, false)}>
            {words.tickNone}
          </Button>
        </ButtonRow>
      )}
      <ul className={styles.list} aria-label={words.groups[kind]}>
        {findings.slice(0, shown).map((finding) => (
          <FindingItem key={finding.key} finding={finding} examination={examination} />
        ))}
      </ul>
      {left > 0 && (
        <Button appearance="subtle" onClick={() => setShown(shown + SHOWN_FIRST)}>
          {words.showMore(printNumber(Math.min(left, SHOWN_FIRST), language))}
        </Button>
      )}
    </>
  )
}

function FindingItem({ finding, examination }: { finding: Finding; examination: Examination }): JSX.Element {
  const styles = useStyles()
  const { doctor, host } = usePane()
  const words = useWords(DOCTOR_WORDS)
  const language = useLanguage()
  const choice = useObservable(doctor.choice)
  const showing = useTask(() => host.goTo({ ...examination.place, row: finding.firstRow, rows: 1 }))
  const { diagnosis, value, cells } = finding
  const { country } = examination
  const before = String(value)
  const after =
    diagnosis.kind === 'repair'
      ? writeCode(diagnosis.digits, choice.style, country)
      : (rewrite(finding, choice, country)?.after ?? null)
  return (
    <li className={diagnosis.kind === 'repair' ? styles.item : `${styles.item} ${styles.alone}`}>
      {diagnosis.kind === 'repair' && (
        <Checkbox
          checked={choice.ticked.has(finding.key)}
          onChange={(_, { checked }) => doctor.tick([finding.key], checked === true)}
          aria-label={words.tick(before, after ?? before)}
        />
      )}
      <div>
        <div className={styles.change}>
          <span className={`${styles.code} ${styles.before}`}>{before}</span>
          {after !== null && (
            <>
              <ArrowRightRegular aria-label={words.becomes} />
              <span className={`${styles.code} ${styles.after}`}>{after}</span>
            </>
          )}
          <Text size={200}>
            {words.cells(cells, printNumber(cells, language))} ·{' '}
            <Link as="button" inline disabledFocusable={showing.isBusy} onClick={() => showing.run()}>
              {words.firstRow(printNumber(finding.firstRow + 1, language, { useGrouping: false }))}
            </Link>
          </Text>
        </div>
        <Text size={200} className={styles.why}>
          {why(words, language, diagnosis)}
        </Text>
      </div>
    </li>
  )
}

/** The proof of a repair, or why there is none. */
function why(words: DoctorWords, language: Language, diagnosis: Diagnosis): string {
  const dotted = (digits: string): string => printTariffCode(digits, 'dots') ?? digits
  switch (diagnosis.kind) {
    case 'repair': {
      const { digits, edition, reasons, rival } = diagnosis
      const rivalSaid =
        rival && (rival.exists ? words.rivalExists(dotted(rival.digits)) : words.rivalMissing(dotted(rival.digits)))
      const proof = [
        words.proof(dotted(digits), edition),
        reasons.includes('trailing-zero') ? words.onlyOne : rivalSaid,
      ]
      const found = capital(reasons.map((reason) => words.reasons[reason]).join(' · '))
      return words.sentence([found]) + words.sentence(proof.filter((part) => part !== null))
    }
    case 'fine':
      return words.sentence([words.proof(dotted(diagnosis.digits), diagnosis.edition)])
    case 'short':
      return words.sentence([words.proof(dotted(diagnosis.digits), diagnosis.edition)]) + words.shortAdvice
    case 'elsewhere':
      return joinSentences(language, [words.elsewhere(diagnosis.countries.join(', ')), diagnosis.error.message])
    case 'not-found':
    case 'hopeless':
      return diagnosis.error.message
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
