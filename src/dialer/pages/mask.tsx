/** One mask: who may reach whom behind it, its calls, and its settings. */
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ShownMask } from '../../wire/mask.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import { deleteMask, getMask, saveMask } from './masks/mask-api.ts'
import { MaskCalls } from './masks/mask-calls.tsx'
import { MaskForm } from './masks/mask-form.tsx'
import { Sessions } from './masks/sessions.tsx'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'

const route = getRouteApi('/desk/frame/masks/$maskId')
const READ_EVERY_MS = 10_000

export function MaskScreen() {
  const { maskId } = route.useParams()
  const navigate = route.useNavigate()
  const mask = useQuery({ queryKey: ['mask', maskId], queryFn: () => getMask(maskId), refetchInterval: READ_EVERY_MS })
  const { data } = mask
  return (
    <div className="tl-stack">
      <Link to="/masks">← All masks</Link>
      {mask.isLoading ? <Loader size="sm" role="status" aria-label="Loading the mask" /> : null}
      {mask.isError ? <ProblemBox title={mask.error.message} onRetry={() => void mask.refetch()} /> : null}
      {data === undefined ? null : (
        <>
          <State mask={data} onDeleted={() => void navigate({ to: '/masks' })} />
          <Sessions maskId={data.id} />
          <MaskCalls maskId={data.id} inLog={data.carrier === 'workspace'} />
          <section className="tl-panel tl-stack" aria-labelledby="settings-title">
            <h2 id="settings-title">Settings</h2>
            <MaskForm
              key={data.id}
              mask={data}
              ready
              done="The mask is saved."
              save={body => saveMask(data.id, body)}
            />
          </section>
        </>
      )}
    </div>
  )
}

function State({ mask, onDeleted }: { mask: ShownMask; onDeleted(): void }) {
  const change = useChange('masks', 'mask', 'numbers')
  const { id, number, name, carrier, forward_to, open_sessions } = mask
  return (
    <section className="tl-panel tl-stack" aria-labelledby="mask-title">
      <h1 id="mask-title">
        <span className="tl-number">{number}</span> · {name}
      </h1>
      <p>
        {open_sessions === 1 ? 'One session is open.' : `${open_sessions} sessions are open.`}{' '}
        {forward_to === null ? 'Strangers are connected with nobody.' : `Strangers are connected with ${forward_to}.`}{' '}
        {carrier === '8x8' ? '8x8 brings its calls.' : ''}
      </p>
      <div className={classes.filters}>
        {forward_to === null ? null : (
          <Button
            variant="default"
            disabled={change.busy}
            onClick={() => void change.run(() => saveMask(id, { forward_to: null }), 'Strangers reach nobody.')}
          >
            Connect strangers with nobody
          </Button>
        )}
        <SureButton
          label={`Delete the mask ${number}`}
          question="Really delete?"
          disabled={change.busy}
          onSure={() =>
            void change
              .run(() => deleteMask(id), 'The number is an ordinary one again.')
              .then(done => done && onDeleted())
          }
        >
          Delete
        </SureButton>
      </div>
    </section>
  )
}
