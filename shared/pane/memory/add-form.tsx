/// <reference lib="dom" />
import { Button, Field, Input, makeStyles, Select, Text, Textarea, tokens } from '@fluentui/react-components'
import { useState, type FormEvent, type JSX } from 'react'
import { TARIFF_COUNTRIES } from '../../country.ts'
import { FACT_NAMES, NOTE_CHARACTERS_MAX } from '../../memory-protocol.ts'
import { printTariffCode } from '../../tariff-code.ts'
import { printCountry } from '../print-country.ts'
import { isRefused } from '../proxy-api.ts'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { MEMORY_WORDS } from './words.ts'

const useStyles = makeStyles({
  form: { display: 'grid', gap: tokens.spacingVerticalS },
  field: { minWidth: 0 },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(120px, 1fr))',
    gap: tokens.spacingHorizontalS,
  },
})

const NO_FACTS = { material: '', use: '', gender: '', category: '' }

export function AddForm({ onAdded }: { onAdded: () => void }): JSX.Element {
  const styles = useStyles()
  const { api } = usePane()
  const words = useWords(MEMORY_WORDS)
  const language = useLanguage()
  const [typed, setTyped] = useState({ description: '', country: 'CA', code: '', note: '' })
  const [facts, setFacts] = useState(NO_FACTS)
  const [said, setSaid] = useState('')
  const adding = useTask(async () => {
    setSaid('')
    const named = Object.fromEntries(Object.entries(facts).filter(([, value]) => value.trim() !== ''))
    const reply = await api.approve({ entries: [{ ...typed, facts: named }], source: 'api' })
    if (isRefused(reply)) return reply
    const [entry] = reply.entries
    if (entry?.error) return { error: entry.error }
    const code = printTariffCode(entry?.code ?? '', 'dots') ?? ''
    const isRepaired = entry?.repairs?.some((repair) => repair !== 'separators') ?? false
    setSaid(`${words.added[entry?.outcome ?? 'new'](code)}${isRepaired ? ` ${words.repaired}` : ''}`)
    setTyped({ ...typed, description: '', code: '', note: '' })
    setFacts(NO_FACTS)
    onAdded()
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    adding.run()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={words.description} required>
        <Textarea
          value={typed.description}
          maxLength={512}
          onChange={(_, { value }) => setTyped({ ...typed, description: value })}
        />
      </Field>
      <Field label={words.country}>
        <Select value={typed.country} onChange={(_, { value }) => setTyped({ ...typed, country: value })}>
          {TARIFF_COUNTRIES.map((country) => (
            <option key={country} value={country}>
              {printCountry(country, language)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={words.code} hint={words.codeHint} required>
        <Input value={typed.code} maxLength={40} onChange={(_, { value }) => setTyped({ ...typed, code: value })} />
      </Field>
      <div className={styles.facts}>
        {FACT_NAMES.map((fact) => (
          <Field key={fact} className={styles.field} label={words.facts[fact]}>
            <Input
              className={styles.field}
              value={facts[fact]}
              maxLength={80}
              onChange={(_, { value }) => setFacts({ ...facts, [fact]: value })}
            />
          </Field>
        ))}
      </div>
      <Text size={200}>{words.factsHint}</Text>
      <Field label={words.noteField}>
        <Input
          value={typed.note}
          maxLength={NOTE_CHARACTERS_MAX}
          onChange={(_, { value }) => setTyped({ ...typed, note: value })}
        />
      </Field>
      <Button
        type="submit"
        disabledFocusable={adding.isBusy || typed.description.trim() === '' || typed.code.trim() === ''}
      >
        {words.add}
      </Button>
      <Text role="status">{said}</Text>
      <ErrorBar error={adding.error} />
    </form>
  )
}
