/** The sections of an agent's form: identity, hearing and voice, tools, and limits. */
import type { AiAgentBody, ToolName } from '../../../wire/ai-agent.ts'
import { PHRASES, type PhraseName, TOOL_WORDS, variablesIn } from './agent-draft.ts'
import classes from './agent-form.module.css'
import { Choice, Text, Tick, useForm } from './form-fields.tsx'

const PROMPT_CHARS_MAX = 20_000
const SENTENCE_CHARS_MAX = 600

export function WhoItIs() {
  const { draft, change } = useForm()
  const variables = variablesIn(draft.prompt, draft.opening)
  return (
    <section className="tl-panel tl-stack" aria-labelledby="who-title">
      <h2 id="who-title">Who it is</h2>
      <Text path="name" label="Name" required value={draft.name} onChange={name => change({ name })} maxLength={60} />
      <Text
        path="prompt"
        label="Prompt"
        required
        description="What it knows and how it behaves. {firstName} and other names in braces are filled in for each call."
        rows={12}
        maxLength={PROMPT_CHARS_MAX}
        value={draft.prompt}
        onChange={prompt => change({ prompt })}
      />
      <Text
        path="opening"
        label="First words"
        description="Empty: it waits for the caller to speak."
        rows={2}
        maxLength={SENTENCE_CHARS_MAX}
        value={draft.opening}
        onChange={opening => change({ opening })}
      />
      {variables.length === 0 ? null : (
        <p className="tl-small">
          Filled in for each call: <span className="tl-number">{variables.map(name => `{${name}}`).join(' ')}</span>
        </p>
      )}
      <Tick
        label="The first words are said to the end"
        description="For announcements that everybody must hear, like “this call is recorded”."
        checked={draft.openingUninterruptible}
        onChange={openingUninterruptible => change({ openingUninterruptible })}
      />
    </section>
  )
}

const DRIVERS: readonly (readonly [AiAgentBody['driver'], string])[] = [
  ['stream', 'Our providers: speech to text, model, text to speech'],
  ['relay', 'the carrier hears and speaks'],
  ['realtime', 'One model that hears and speaks (OpenAI Realtime)'],
]

export function HowItSpeaks() {
  const { draft, change } = useForm()
  return (
    <section className="tl-panel tl-stack" aria-labelledby="how-title">
      <h2 id="how-title">How it hears and speaks</h2>
      <Choice label="Through" value={draft.driver} choices={DRIVERS} onChange={driver => change({ driver })} />
      <div className={classes.grid}>
        <Text
          path="language"
          label="Language"
          description="Like en-US or de-DE"
          value={draft.language}
          onChange={language => change({ language })}
        />
        <Text
          path="voice"
          label="Voice"
          description="The provider's name; empty: its own"
          value={draft.voice}
          onChange={voice => change({ voice })}
        />
        <Text
          path="model"
          label="Model"
          description="Empty: the installation's"
          value={draft.model}
          onChange={model => change({ model })}
        />
        <Text
          path="turnSilenceMs"
          label="End of a turn, ms of silence"
          description="Empty: the caller's words decide"
          inputMode="decimal"
          value={draft.turnSilenceMs}
          onChange={turnSilenceMs => change({ turnSilenceMs })}
        />
        <Text
          path="silenceSeconds"
          label="Silence, seconds"
          description="Then it asks whether somebody is there"
          inputMode="decimal"
          value={draft.silenceSeconds}
          onChange={silenceSeconds => change({ silenceSeconds })}
        />
      </div>
      <Text
        path="hints"
        label="Words to listen for"
        description="Names and products that are hard to hear, one per line."
        rows={3}
        value={draft.hints}
        onChange={hints => change({ hints })}
      />
      <Text
        path="neverSay"
        label="Never said aloud"
        description="Codes and conditions that the prompt has to know, one per line: a reply with one of them ends before it. Not for speech to speech, where the model speaks itself."
        rows={3}
        value={draft.neverSay}
        onChange={neverSay => change({ neverSay })}
      />
    </section>
  )
}

export function WhenItCalls() {
  const { draft, change } = useForm()
  const { answering } = draft
  return (
    <section className="tl-panel tl-stack" aria-labelledby="calls-title">
      <h2 id="calls-title">When it calls somebody</h2>
      <Tick
        label="Find out who answers"
        description="A person is spoken to; a machine gets the message below after its tone."
        checked={answering.detect}
        onChange={detect => change({ answering: { ...answering, detect } })}
      />
      <Text
        path="answering.voicemail"
        label="Left on a machine"
        description="Empty: it hangs up."
        rows={2}
        maxLength={SENTENCE_CHARS_MAX}
        value={answering.voicemail}
        onChange={voicemail => change({ answering: { ...answering, voicemail } })}
      />
    </section>
  )
}

/** The contact of the CRM with whose record a trial from the desk is filed. */
export function WhenItIsTried() {
  const { draft, change } = useForm()
  return (
    <section className="tl-panel tl-stack" aria-labelledby="trial-title">
      <h2 id="trial-title">When you try it</h2>
      <Text
        path="trialContactId"
        label="CRM contact"
        description="The record of the person you play; your talk is filed there. Empty: it is not filed."
        value={draft.trialContactId}
        maxLength={80}
        onChange={trialContactId => change({ trialContactId })}
      />
    </section>
  )
}

export function WhatItMayDo() {
  const { draft, change } = useForm()
  const tick = (name: ToolName, on: boolean) =>
    change({ tools: on ? [...draft.tools, name] : draft.tools.filter(one => one !== name) })
  return (
    <section className="tl-panel tl-stack" aria-labelledby="tools-title">
      <h2 id="tools-title">What it may do</h2>
      {Object.entries(TOOL_WORDS).map(([key, [title, words]]) => {
        const name = key as ToolName
        // This tool is always offered to the model (`agent-of-call.ts`).
        const always = name === 'opt_out'
        return (
          <Tick
            key={name}
            label={title}
            description={words}
            checked={always || draft.tools.includes(name)}
            disabled={always}
            onChange={on => tick(name, on)}
          />
        )
      })}
    </section>
  )
}

const PHRASE_WORDS: Record<PhraseName, string> = {
  wait: 'While it looks something up',
  stillThere: 'When nobody speaks',
  goodbye: 'Goodbye',
  apology: 'When something of ours fails',
  timeUp: 'When the limit is reached',
}

export function LimitsAndPhrases() {
  const { draft, change } = useForm()
  return (
    <section className="tl-panel tl-stack" aria-labelledby="limits-title">
      <h2 id="limits-title">Limits, recording, phrases</h2>
      <div className={classes.grid}>
        <Text
          path="limits.durationSeconds"
          label="Longest call, minutes"
          inputMode="decimal"
          value={draft.durationMinutes}
          onChange={durationMinutes => change({ durationMinutes })}
        />
        <Text
          path="limits.costCents"
          label="Most that a call may cost, dollars"
          inputMode="decimal"
          value={draft.costDollars}
          onChange={costDollars => change({ costDollars })}
        />
      </div>
      <Tick
        label="Record its calls"
        description="Both sides, from the first word. Say so in the first words where the law asks for it."
        checked={draft.record}
        onChange={record => change({ record })}
      />
      {PHRASES.map(name => (
        <Text
          key={name}
          path={`phrases.${name}`}
          label={PHRASE_WORDS[name]}
          placeholder="our own words, in its language"
          maxLength={SENTENCE_CHARS_MAX}
          value={draft.phrases[name]}
          onChange={words => change({ phrases: { ...draft.phrases, [name]: words } })}
        />
      ))}
    </section>
  )
}
