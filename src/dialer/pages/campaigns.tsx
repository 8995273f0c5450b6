/** Campaigns: how far each is, and a new one. */

import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Campaign } from '../../wire/api.ts'
import { getCampaigns } from '../api.ts'
import { useDesk } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getOutcomes, makeCampaign } from './campaigns/campaign-api.ts'
import { CampaignForm } from './campaigns/campaign-form.tsx'
import { abandonedWords } from './campaigns/floor-words.ts'
import { ListChoice } from './campaigns/list-choice.tsx'
import { fillCampaign } from './imports/import-api.ts'
import classes from './table.module.css'

const route = getRouteApi('/desk/frame/campaigns')
const READ_EVERY_MS = 5_000
const STATE_WORDS: Record<Campaign['state'], string> = {
  draft: 'nobody dials',
  running: 'agents dial',
  paused: 'paused',
  finished: 'nobody is left to call',
  stopped: 'stopped',
}

export function Campaigns() {
  const { from } = route.useSearch()
  const campaigns = useQuery({ queryKey: ['campaigns'], queryFn: getCampaigns, refetchInterval: READ_EVERY_MS })
  const [open, setOpen] = useState(from !== undefined)
  const items = campaigns.data?.items ?? []
  return (
    <div className="tl-stack">
      <section className="tl-panel tl-stack" aria-labelledby="campaigns-title">
        <div className={classes.head}>
          <h1 id="campaigns-title">Campaigns</h1>
          {campaigns.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
          {open ? null : <Button onClick={() => setOpen(true)}>New campaign</Button>}
        </div>
        {campaigns.isError ? (
          <ProblemBox title={campaigns.error.message} onRetry={() => void campaigns.refetch()} />
        ) : null}
        {campaigns.isSuccess && items.length === 0 ? (
          <p className="tl-muted">
            There are no campaigns yet. A campaign is a list of people and how they are called:{' '}
            <Link to="/imports">import a list</Link>, then make a campaign of it.
          </p>
        ) : null}
        {items.length === 0 ? null : <CampaignTable items={items} />}
      </section>
      {open ? <NewCampaign from={from ?? ''} /> : null}
    </div>
  )
}

function CampaignTable({ items }: { items: readonly Campaign[] }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className={classes.wide}>
              State
            </th>
            <th scope="col">People left</th>
            <th scope="col" className={classes.wide}>
              Held back
            </th>
            <th scope="col" className={classes.wide}>
              Lines
            </th>
            <th scope="col">Abandoned in 30 days</th>
          </tr>
        </thead>
        <tbody>
          {items.map(one => (
            <tr key={one.campaignId}>
              <td>
                <Link to="/campaigns/$campaignId" params={{ campaignId: one.campaignId }} className={classes.who}>
                  <PersonName name={one.name} />
                </Link>
              </td>
              <td className={classes.wide}>{one.contactsTotal === 0 ? 'without people' : STATE_WORDS[one.state]}</td>
              <td>
                {one.contactsLeft} of {one.contactsTotal}
              </td>
              <td className={classes.wide}>{one.contactsHeld}</td>
              <td className={classes.wide}>{one.pooled ? 'shared' : one.lines}</td>
              <td>{abandonedWords(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NewCampaign({ from }: { from: string }) {
  const { store } = useDesk()
  const navigate = useNavigate()
  const [list, setList] = useState(from)
  // Without the workspace's list a campaign begins with the usual one.
  const outcomes = useQuery({ queryKey: ['outcomes'], queryFn: getOutcomes, gcTime: 0, retry: false })
  if (outcomes.isLoading) return <Loader size="sm" role="status" aria-label="Loading the list of outcomes" />
  return (
    <section className="tl-panel tl-stack" aria-labelledby="new-campaign-title">
      <h2 id="new-campaign-title">New campaign</h2>
      <CampaignForm
        body={null}
        outcomes={outcomes.data?.outcomes}
        save={async body => {
          const { campaignId } = await makeCampaign(body)
          store.notify('info', `${body.name} is there.`)
          // The campaign stands whatever becomes of its people; its page can add them again.
          if (list !== '')
            await fillCampaign(list, campaignId).catch((error: unknown) =>
              store.notify('problem', error instanceof Error ? error.message : 'The people were not added.'),
            )
          await navigate({ to: '/campaigns/$campaignId', params: { campaignId } })
        }}
      >
        <ListChoice value={list} onChange={setList} />
      </CampaignForm>
    </section>
  )
}
