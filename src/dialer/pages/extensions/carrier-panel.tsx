/** Phones at the carrier: the switch of the workspace, where phones register there, and what is wrong. */
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CarrierPhonesShown } from '../../../wire/trunk.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { getCarrierPhones, switchCarrierPhones } from './extension-api.ts'

const READ_EVERY_MS = 3_000

export function useCarrierPhones() {
  return useQuery({ queryKey: ['carrier-phones'], queryFn: getCarrierPhones, refetchInterval: READ_EVERY_MS })
}

export function CarrierPanel({ admin }: { admin: boolean }) {
  const phones = useCarrierPhones()
  return (
    <section className="tl-panel tl-stack" aria-labelledby="carrier-phones-title">
      <h2 id="carrier-phones-title">Phones at the carrier</h2>
      <p className="tl-muted">
        Desk phones and softphones register at the carrier, over UDP, TCP or TLS. They dial numbers and are called by
        numbers; phones in browsers call each other.
      </p>
      {phones.isError ? <ProblemBox title={phones.error.message} onRetry={() => void phones.refetch()} /> : null}
      {phones.isLoading ? <Loader size="xs" role="status" aria-label="Loading" /> : null}
      {phones.data === undefined ? null : <Standing phones={phones.data} admin={admin} />}
    </section>
  )
}

function Standing({ phones, admin }: { phones: CarrierPhonesShown; admin: boolean }) {
  const change = useChange('carrier-phones', 'extensions')
  const { enabled, domain_name, transports, problem } = phones
  return (
    <>
      <StateWords {...phones} />
      {problem === null ? null : <ProblemBox title={problem} />}
      {domain_name === null ? null : (
        <dl className={classes.facts} aria-label="Where phones register">
          <div>
            <dt>Domain</dt>
            <dd>{domain_name}</dd>
          </div>
          <div>
            <dt>Transport</dt>
            <dd>{transports.join(', ').toUpperCase()}</dd>
          </div>
        </dl>
      )}
      {admin ? (
        <div>
          {enabled ? (
            <SureButton
              label="Switch off phones at the carrier"
              question="Cut off all of them?"
              disabled={change.busy}
              onSure={() => void change.run(() => switchCarrierPhones(false), 'Phones at the carrier are off.')}
            >
              Switch off
            </SureButton>
          ) : (
            <Button
              variant="default"
              disabled={change.busy}
              onClick={() => void change.run(() => switchCarrierPhones(true), 'The carrier is being told.')}
            >
              Switch on phones at the carrier
            </Button>
          )}
        </div>
      ) : null}
    </>
  )
}

const WORDS = {
  off: 'Off.',
  pending: 'The carrier is being told.',
  ready: 'On: the carrier has it.',
  failed: 'The carrier does not have it yet.',
} as const

export function StateWords({ status }: { status: keyof typeof WORDS }) {
  return <p role="status">{WORDS[status]}</p>
}
