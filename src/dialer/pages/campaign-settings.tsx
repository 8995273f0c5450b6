/** One campaign: how far it is, more people, and its settings. */
import { Button, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Campaign } from '../../wire/api.ts'
import { useDesk } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getCampaign, getSettings, saveCampaign } from './campaigns/campaign-api.ts'
import { CampaignForm } from './campaigns/campaign-form.tsx'
import { abandonedWords, floorWords } from './campaigns/floor-words.ts'
import { ListChoice } from './campaigns/list-choice.tsx'
import { fillCampaign } from './imports/import-api.ts'
import classes from './table.module.css'
import { useChange } from './team/use-change.ts'

const route = getRouteApi('/desk/frame/campaigns/$campaignId')
const READ_EVERY_MS = 3_000

export function CampaignSettings() {
  const { campaignId } = route.useParams()
  const { store } = useDesk()
  const queries = useQueryClient()
  const campaign = useQuery({
    queryKey: ['campaign', campaignId],
    queryFn: () => getCampaign(campaignId),
    refetchInterval: READ_EVERY_MS,
  })
  const settings = useQuery({ queryKey: ['campaign-settings', campaignId], queryFn: () => getSettings(campaignId) })
  const failed = campaign.error ?? settings.error
  return (
    <div className="tl-stack">
      <Link to="/campaigns">← All campaigns</Link>
      {campaign.isLoading ? <Loader size="sm" role="status" aria-label="Loading the campaign" /> : null}
      {failed === null ? null : (
        <ProblemBox title={failed.message} onRetry={() => void Promise.all([campaign.refetch(), settings.refetch()])} />
      )}
      {campaign.data === undefined ? null : <People campaign={campaign.data} />}
      {settings.data === undefined ? null : (
        <section className="tl-panel tl-stack" aria-labelledby="settings-title">
          <h2 id="settings-title">Settings</h2>
          <CampaignForm
            key={campaignId}
            body={settings.data}
            save={async body => {
              queries.setQueryData(['campaign-settings', campaignId], await saveCampaign(campaignId, body))
              await queries.invalidateQueries({ queryKey: ['campaign', campaignId] })
              store.notify('info', 'Saved. The next round is dialled by these settings.')
            }}
          />
        </section>
      )}
    </div>
  )
}

function People({ campaign }: { campaign: Campaign }) {
  const { campaignId, contactsHeld, contactsLeft, contactsTotal } = campaign
  const change = useChange('campaign', 'campaigns', 'imports')
  const [list, setList] = useState('')
  return (
    <section className="tl-panel tl-stack" aria-labelledby="campaign-title">
      <div className={classes.head}>
        <h1 id="campaign-title">
          <PersonName name={campaign.name} />
        </h1>
      </div>
      {contactsTotal === 0 ? (
        <p className="tl-muted">Nobody is in this campaign yet. Add the people of a list.</p>
      ) : (
        <p>
          {contactsLeft} of {contactsTotal} people are left to call
          {contactsHeld === 0 ? '' : `; ${contactsHeld} are held back by a calling rule`}.{' '}
          <Link to="/">Start a session</Link>
        </p>
      )}
      {campaign.pool === null ? null : (
        <p role="status">
          {floorWords(campaign.pool)} {abandonedWords(campaign)}
        </p>
      )}
      <div className={classes.filters}>
        <ListChoice value={list} onChange={setList} />
        <Button
          variant="default"
          disabled={list === '' || change.busy}
          onClick={() =>
            void change
              .run(() => fillCampaign(list, campaignId), 'The people are being added.')
              .then(done => (done ? setList('') : undefined))
          }
        >
          Add these people
        </Button>
      </div>
    </section>
  )
}
