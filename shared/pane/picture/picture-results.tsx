/// <reference lib="dom" />
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useState, type JSX } from 'react'
import { ErrorBar } from '../shell/view-frame.tsx'
import { useLanguage, usePane, useTask, useWords } from '../use-pane.ts'
import { joinSentences, printNumber, printPercent } from '../words.ts'
import { asTypedText, type PictureLook } from './picture-look.ts'
import { PICTURE_WORDS } from './words.ts'

const useStyles = makeStyles({
  part: { display: 'grid', gap: tokens.spacingVerticalS },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400 },
  list: { display: 'grid', gap: tokens.spacingVerticalS, listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'grid',
    justifyItems: 'start',
    gap: tokens.spacingVerticalXXS,
    paddingBottom: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
})

export function PictureResults({ look }: { look: PictureLook }): JSX.Element {
  const styles = useStyles()
  const { host } = usePane()
  const words = useWords(PICTURE_WORDS)
  const language = useLanguage()
  const [inserted, setInserted] = useState<{ category: string; address: string } | null>(null)
  const using = useTask(async (category: string) => {
    setInserted(null)
    setInserted({ category, address: await host.insertFormula(asTypedText(category)) })
  })
  const { rows, source, points } = look
  if (rows.length === 0) return <Text>{words.none}</Text>
  return (
    <div className={styles.part}>
      <h3 className={styles.heading}>{words.results}</h3>
      <ul className={styles.list}>
        {rows.map(({ category, product, similarity }) => (
          <li key={`${category}\n${product}`} className={styles.row}>
            <Text weight="semibold">{category || product}</Text>
            {category !== '' && <Text>{product}</Text>}
            <Text size={200}>
              {similarity === null ? words.noSimilarity : words.similar(printPercent(similarity, language))}
            </Text>
            <Button
              size="small"
              aria-label={words.useFor(category || product)}
              disabledFocusable={using.isBusy}
              onClick={() => using.run(category || product)}
            >
              {words.use}
            </Button>
          </li>
        ))}
      </ul>
      <Text size={200}>{words.useHint}</Text>
      {inserted && <Text>{words.inserted(inserted.category, inserted.address)}</Text>}
      <ErrorBar error={using.error} />
      <Text size={200}>
        {joinSentences(language, [
          words.guess,
          words.source(source.edition),
          words.points(printNumber(points, language)),
        ])}
      </Text>
    </div>
  )
}
