/** Billing: the account, what was spent, every entry, the rates and the limits. For administrators. */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useView } from '../desk/hooks.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import { AccountPanel } from './billing/account-panel.tsx'
import { getAccount, getCard, getDays } from './billing/billing-api.ts'
import { EntriesPanel } from './billing/entries-panel.tsx'
import { LimitsForm } from './billing/limits-form.tsx'
import { RateCard } from './billing/rate-card.tsx'
import { SpendChart } from './billing/spend-chart.tsx'

export function Billing() {
  const { agent } = useView()
  if (agent.role === 'admin') return <Ledger />
  return (
    <section className="tl-panel tl-stack" aria-labelledby="billing-title">
      <h1 id="billing-title">Billing</h1>
      <p role="note">Administrators see the bills. You are signed in as {agent.role}.</p>
    </section>
  )
}

function Ledger() {
  const account = useQuery({ queryKey: ['billing', 'account'], queryFn: getAccount })
  const id = account.data?.id ?? ''
  const days = useQuery({ queryKey: ['billing', 'days', id], queryFn: () => getDays(id), enabled: id !== '' })
  const card = useQuery({ queryKey: ['billing', 'card'], queryFn: getCard })
  const failed = [account, days, card].find(one => one.isError)
  if (failed !== undefined)
    return <ProblemBox title={failed.error?.message ?? ''} onRetry={() => void failed.refetch()} />
  if (account.data === undefined || days.data === undefined || card.data === undefined)
    return <Loader size="sm" role="status" aria-label="Loading the bills" />
  const { currency } = account.data
  return (
    <div className="tl-stack">
      <AccountPanel account={account.data} />
      <section className="tl-panel tl-stack" aria-labelledby="spend-title">
        <h2 id="spend-title">Spent by day</h2>
        <SpendChart items={days.data.items} currency={currency} />
      </section>
      <EntriesPanel currency={currency} />
      {/* A new version is edited anew. */}
      <RateCard key={card.data.version} card={card.data} />
      <LimitsForm key={JSON.stringify([account.data.mode, account.data.credit_limit])} account={account.data} />
    </div>
  )
}
