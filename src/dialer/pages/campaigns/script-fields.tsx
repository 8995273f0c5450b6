/** The script of a campaign: one text, or blocks with answers that lead to other blocks, and how it reads for somebody. */
import { Button } from '@mantine/core'
import {
  ANSWERS_MAX,
  BLOCK_CHARS_MAX,
  BLOCKS_MAX,
  MERGE_FIELDS,
  mergeValues,
  type ScriptBlock,
} from '../../../core/campaign/script.ts'
import { ScriptBlocks } from '../../session/script-blocks.tsx'
import { Choice, replaced, Text, without } from '../ai/form-fields.tsx'
import classes from './outcome-fields.module.css'
import look from './script-fields.module.css'

interface ScriptFieldsProps {
  campaign: string
  blocks: readonly ScriptBlock[]
  onChange(blocks: ScriptBlock[]): void
}

/** A made-up person, of whom the company is not known. */
const SAMPLE = {
  ...{ name: 'Amara Diallo', company: '', numberShown: '(415) 555-0100', timeZone: 'America/New_York', attempt: 1 },
  lastNote: 'Asked for a quote.',
}

export function ScriptFields({ campaign, blocks, onChange }: ScriptFieldsProps) {
  const add = () => onChange([...blocks, { blockId: freeName(blocks), text: '', answers: [] }])
  return (
    <fieldset className={`tl-stack ${classes.outcomes}`}>
      <legend>Script in blocks</legend>
      <p className="tl-muted tl-small">
        Blocks take the place of the script above. The first one begins. A text may name{' '}
        {MERGE_FIELDS.map(name => `{{${name}}}`).join(' ')}, with what is said when nothing is known:{' '}
        {'{{firstName|there}}'}.
      </p>
      {blocks.map((block, index) => (
        // The name of a block changes while it is written.
        <BlockFields key={index} blocks={blocks} index={index} block={block} onChange={onChange} />
      ))}
      <div>
        <Button variant="default" disabled={blocks.length >= BLOCKS_MAX} onClick={add}>
          Add a block
        </Button>
      </div>
      {blocks.length === 0 ? null : (
        <section className={look.preview} aria-label="Preview">
          <h3>As the agent reads it, with a person whose company is not known</h3>
          <ScriptBlocks blocks={blocks} values={mergeValues(SAMPLE, 'Ada', campaign)} />
        </section>
      )}
    </fieldset>
  )
}

function freeName(blocks: readonly ScriptBlock[]): string {
  const taken = new Set(blocks.map(one => one.blockId))
  for (let n = blocks.length + 1; ; n += 1) if (!taken.has(`block-${n}`)) return `block-${n}`
}

interface BlockProps {
  blocks: readonly ScriptBlock[]
  block: ScriptBlock
  index: number
  onChange(blocks: ScriptBlock[]): void
}

function BlockFields({ blocks, block, index, onChange }: BlockProps) {
  const set = (next: Partial<ScriptBlock>) => onChange(replaced(blocks, index, next))
  const { blockId, text, answers } = block
  const [first = blockId] = blocks.map(one => one.blockId)
  return (
    <fieldset className={look.block} aria-label={`Block ${blockId}`}>
      <Text
        path={`scriptBlocks.${index}.blockId`}
        label="Name of the block"
        maxLength={40}
        value={blockId}
        onChange={name => onChange(renamed(blocks, index, name))}
      />
      <Text
        path={`scriptBlocks.${index}.text`}
        label="The agent says"
        rows={3}
        maxLength={BLOCK_CHARS_MAX}
        value={text}
        onChange={next => set({ text: next })}
      />
      {answers.map((answer, at) => (
        <div key={at} className={look.answer}>
          <Text
            path={`scriptBlocks.${index}.answers.${at}.label`}
            label={`Answer ${at + 1}`}
            maxLength={80}
            value={answer.label}
            onChange={label => set({ answers: replaced(answers, at, { label }) })}
          />
          <Choice
            path={`scriptBlocks.${index}.answers.${at}.to`}
            label={`Answer ${at + 1} leads to`}
            value={answer.to}
            choices={namesFor(blocks, answer.to)}
            onChange={to => set({ answers: replaced(answers, at, { to }) })}
          />
          <Button
            variant="default"
            aria-label={`Remove answer ${at + 1} of ${blockId}`}
            onClick={() => set({ answers: without(answers, at) })}
          >
            Remove
          </Button>
        </div>
      ))}
      <div className={classes.actions}>
        <Button
          variant="default"
          size="compact-sm"
          disabled={answers.length >= ANSWERS_MAX}
          onClick={() => set({ answers: [...answers, { label: '', to: first }] })}
        >
          Add an answer
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Remove the block ${blockId}`}
          onClick={() => onChange(without(blocks, index))}
        >
          Remove the block
        </Button>
      </div>
    </fieldset>
  )
}

/** Answers that lead to the block go with its name. */
function renamed(blocks: readonly ScriptBlock[], index: number, name: string): ScriptBlock[] {
  const old = blocks[index]?.blockId
  const alone = blocks.filter(one => one.blockId === old).length === 1
  return blocks.map((one, at) => ({
    ...one,
    blockId: at === index ? name : one.blockId,
    answers: alone ? one.answers.map(answer => (answer.to === old ? { ...answer, to: name } : answer)) : one.answers,
  }))
}

/** A block that is gone stays in the choice, so that what is wrong can be seen. */
function namesFor(blocks: readonly ScriptBlock[], to: string): (readonly [string, string])[] {
  const names = blocks.map(one => one.blockId)
  const known = names.map(name => [name, name] as const)
  return names.includes(to) ? known : [...known, [to, `${to} (there is none)`]]
}
