/** Campaigns that somebody dials in: what rings, who talks, how many were abandoned against the limit, and what the governor says. */
import { Link } from '@tanstack/react-router'
import type { LiveCampaign } from '../../../wire/supervision.ts'
import { abandonedShare } from '../../desk/words.ts'
import { PersonName } from '../../look/person-name.tsx'
import tables from '../table.module.css'
import { governorWords } from './live-words.ts'
import { ReadAge } from './read-age.tsx'

interface Props {
  campaigns: readonly LiveCampaign[]
  stale: readonly string[]
}

/** Some are only for a wide screen. */
const COLUMNS: readonly (readonly [words: string, wide?: string])[] = [
  ['Campaign'],
  ['Agents', tables.wide],
  ['Ringing'],
  ['Talking'],
  ['Abandoned, 30 days'],
  ['Lines', tables.wide],
]

export function LiveCampaigns({ campaigns, stale }: Props) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="live-campaigns">
      <h2 id="live-campaigns">Campaigns</h2>
      {campaigns.length === 0 ? (
        <p className="tl-muted">
          Nobody dials in a campaign now. <Link to="/campaigns">Campaigns</Link>
        </p>
      ) : (
        <div className={tables.scroll}>
          <table className={tables.table}>
            <thead>
              <tr>
                {COLUMNS.map(([words, wide]) => (
                  <th key={words} scope="col" className={wide}>
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {campaigns.map(one => (
                <CampaignRow key={one.campaignId} campaign={one} stale={stale.includes(one.campaignId)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function CampaignRow({ campaign, stale }: { campaign: LiveCampaign; stale: boolean }) {
  const { campaignId, name, agents, ringing, conversations, at } = campaign
  const { answered30Days: answered, abandoned30Days: abandoned, abandonMaxPercent: max } = campaign
  const over = max !== null && answered > 0 && (100 * abandoned) / answered > max
  return (
    <tr data-stale={stale || undefined}>
      <td>
        <Link to="/campaigns/$campaignId" params={{ campaignId }} className={tables.who}>
          <PersonName name={name} />
        </Link>
        <br />
        <ReadAge at={at} stale={stale} />
      </td>
      <td className={`tl-number ${tables.wide}`}>{agents}</td>
      <td className="tl-number">{ringing}</td>
      <td className="tl-number">{conversations}</td>
      <td>
        <span className="tl-number">{abandonedShare(abandoned, answered)}</span>{' '}
        <span className="tl-muted">
          {max === null ? 'no limit is set' : over ? `over the limit of ${max} %` : `limit ${max} %`}
        </span>
      </td>
      <td className={tables.wide}>{governorWords(campaign)}</td>
    </tr>
  )
}
