/** The screen before a session: choice of campaign and lines, a summary, and the start. */

import { Checkbox, Loader, NativeSelect, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Campaign } from '../../wire/api.ts'
import { getCampaigns } from '../api.ts'
import { useAct, usePreferences, useView, useWhyNot } from '../desk/hooks.ts'
import { preferences } from '../desk/preferences.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './before-session.module.css'

type Lines = 1 | 2 | 4

export function BeforeSession() {
  const { agent } = useView()
  const campaigns = useQuery({ queryKey: ['campaigns'], queryFn: getCampaigns, staleTime: 0 })
  if (campaigns.isPending) {
    return (
      <section className="tl-panel" aria-busy>
        <Loader size="sm" role="status" aria-label="Loading the campaigns" />
      </section>
    )
  }
  if (campaigns.isError) {
    return <ProblemBox title={campaigns.error.message} onRetry={() => void campaigns.refetch()} />
  }
  const usable = campaigns.data.items.filter(
    ({ state }) => state === 'running' || state === 'draft' || state === 'paused',
  )
  if (usable.length === 0) {
    return (
      <section className="tl-panel tl-stack">
        <h1>No campaign to dial</h1>
        {agent.role === 'agent' ? (
          <p className="tl-muted">A supervisor creates a campaign and puts contacts in it; then it appears here.</p>
        ) : (
          <p>
            <Link to="/imports">Import a list of people</Link>, then <Link to="/campaigns">make a campaign of it</Link>.
          </p>
        )}
        <p>
          <a href="/app/dial">Dial one number by hand</a>
        </p>
      </section>
    )
  }
  return <StartForm campaigns={usable} />
}

function StartForm({ campaigns }: { campaigns: Campaign[] }) {
  const act = useAct()
  const whyNot = useWhyNot()
  const { linesAcknowledged } = usePreferences()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const campaign = campaigns.find(one => one.campaignId === chosenId) ?? campaigns[0]
  const [wanted, setWanted] = useState<Lines | null>(null)
  const lines: Lines = campaign?.pooled ? 1 : (wanted ?? campaign?.lines ?? 1)

  const unread = lines > 1 && !linesAcknowledged ? 'Tick that you have read what several lines mean' : null
  // People who are held back are looked at anew when a session starts.
  const empty = campaign && campaign.contactsLeft + campaign.contactsHeld === 0 ? 'Nobody is left on this list' : null
  const why = whyNot('session.start') ?? empty ?? unread

  const start = () => {
    if (why !== null || campaign === undefined) return false
    void act({ type: 'session.start', campaignId: campaign.campaignId, lines })
    return true
  }
  useKey('go', start)

  if (campaign === undefined) return null
  return (
    <section className={classes.grid} aria-labelledby="start-title">
      <div className="tl-panel tl-stack">
        <h1 id="start-title">Start a session</h1>
        <NativeSelect
          label="Campaign"
          value={campaign.campaignId}
          onChange={event => setChosenId(event.currentTarget.value)}
          data={campaigns.map(({ campaignId, name }) => ({ value: campaignId, label: name }))}
        />
        <p className="tl-muted">
          <span className="tl-number">{campaign.contactsLeft}</span> of{' '}
          <span className="tl-number">{campaign.contactsTotal}</span> people left
          {campaign.contactsHeld === 0 ? null : <Held count={campaign.contactsHeld} />}.
        </p>
        {campaign.pooled ? null : <LinesChoice lines={lines} onChange={setWanted} />}
        {lines > 1 ? <Acknowledgement lines={lines} done={linesAcknowledged} /> : null}
        <ul className={classes.plan}>
          {planWords(lines, campaign).map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <ActionButton why={why} onClick={start} hint="Space" size="md">
          Start dialing
        </ActionButton>
      </div>
      <CampaignNotes campaign={campaign} />
    </section>
  )
}

function LinesChoice({ lines, onChange }: { lines: Lines; onChange(lines: Lines): void }) {
  return (
    <div className={classes.lines}>
      <span id="lines-label" className={classes.label}>
        Lines at once
      </span>
      <SegmentedControl
        aria-labelledby="lines-label"
        value={String(lines)}
        onChange={value => onChange(Number(value) as Lines)}
        data={['1', '2', '4']}
        color="petrol"
      />
    </div>
  )
}

function CampaignNotes({ campaign }: { campaign: Campaign }) {
  return (
    <div className="tl-panel tl-stack">
      <h2>Script</h2>
      <p className={classes.script}>{campaign.script === '' ? 'This campaign has no script.' : campaign.script}</p>
      <h3>Outcomes</h3>
      <ul className="tl-row">
        {campaign.outcomes.map(({ key, outcomeId, label }) => (
          <li key={outcomeId} className={classes.outcome}>
            <kbd>{key}</kbd> {label}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** With several lines, people may answer with whom nobody can speak. The agent must confirm once that they know this. */
function Acknowledgement({ lines, done }: { lines: Lines; done: boolean }) {
  return (
    <div className={classes.rules}>
      <p>
        With {lines} lines, people may answer while you already talk with somebody. They hear a short message with your
        company&apos;s name, and each counts as an abandoned call. Many countries allow at most 3 in 100 answered calls,
        and some forbid it.
      </p>
      <Checkbox
        label="I have read this, and our rules allow it"
        checked={done}
        onChange={event => preferences.set({ linesAcknowledged: event.currentTarget.checked })}
      />
    </div>
  )
}

function planWords(lines: Lines, campaign: Campaign): string[] {
  const first = campaign.pooled
    ? 'All agents share the lines that ring. Whoever is free longest gets the next person who answers: their answer comes straight to your ear.'
    : lines === 1
      ? 'One person is called at a time; their answer comes straight to your ear.'
      : `${lines} people are called at once; the first who answers comes straight to your ear, the others are let go.`
  return [
    first,
    'After each call you choose an outcome with one key.',
    campaign.wrapUpSeconds > 0
      ? `Then ${campaign.wrapUpSeconds} s of wrap-up; typing a note stops the clock.`
      : 'There is no wrap-up time.',
  ]
}

/** People whom the last session could not call. A new one asks about them again. */
function Held({ count }: { count: number }) {
  return (
    <>
      , <span className="tl-number">{count}</span> held back by a <Link to="/do-not-call">calling rule</Link>
    </>
  )
}
