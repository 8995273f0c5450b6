/** Lists in an agent's form: the directory, HTTP tools, and the numbers that the agent answers. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useView } from '../../desk/hooks.ts'
import { type HttpToolDraft, NEW_HTTP_TOOL } from './agent-draft.ts'
import classes from './agent-form.module.css'
import { getNumbers, getPeople } from './ai-api.ts'
import { Choice, replaced, Text, Tick, useForm, without } from './form-fields.tsx'

const DIRECTORY_MAX = 30
const HTTP_TOOLS_MAX = 10
const HEADERS_MAX = 10

const KINDS = [
  ['desk', 'A colleague’s desk'],
  ['number', 'A telephone number'],
] as const

export function Directory() {
  const { draft, change, readOnly } = useForm()
  const { agent } = useView()
  const { directory } = draft
  return (
    <section className="tl-panel tl-stack" aria-labelledby="directory-title">
      <h2 id="directory-title">Directory</h2>
      <p className="tl-small tl-muted">
        Whom it may transfer calls to. It is told the names and what they are for, never what stands behind them.
      </p>
      {directory.map((entry, at) => (
        <fieldset key={at} className={classes.item} aria-label={`Directory entry ${at + 1}`}>
          <Text
            path={`directory.${at}.name`}
            label="Name"
            maxLength={40}
            value={entry.name}
            onChange={name => change({ directory: replaced(directory, at, { name }) })}
          />
          <Choice
            label="Kind"
            value={entry.kind}
            choices={KINDS}
            // The target is cleared, because a user id is not a number and a number is not a user id.
            onChange={kind => change({ directory: replaced(directory, at, { kind, target: '' }) })}
          />
          {entry.kind === 'desk' ? (
            <Colleague
              path={`directory.${at}.target`}
              userId={entry.target}
              onChange={target => change({ directory: replaced(directory, at, { target }) })}
            />
          ) : (
            <Text
              path={`directory.${at}.target`}
              label="Number"
              mono
              maxLength={80}
              value={entry.target}
              onChange={target => change({ directory: replaced(directory, at, { target }) })}
            />
          )}
          <Text
            path={`directory.${at}.description`}
            label="What for"
            maxLength={200}
            value={entry.description}
            onChange={description => change({ directory: replaced(directory, at, { description }) })}
          />
          <Remove what={entry.name} onClick={() => change({ directory: without(directory, at) })} />
        </fieldset>
      ))}
      {readOnly || directory.length >= DIRECTORY_MAX ? null : (
        <div>
          <Button
            variant="default"
            onClick={() =>
              change({ directory: [...directory, { name: '', kind: 'desk', target: agent.userId, description: '' }] })
            }
          >
            Add a place (your own desk)
          </Button>
        </div>
      )}
    </section>
  )
}

/** Choice of a person of the workspace. A person who is not in the list (or if we may not read it) is shown by id. */
function Colleague({ path, userId, onChange }: { path: string; userId: string; onChange(userId: string): void }) {
  const { agent } = useView()
  const people = useQuery({ queryKey: ['people'], queryFn: getPeople, enabled: agent.role !== 'agent' })
  const known = people.data ?? []
  const choices = known.map(one => [one.userId, `${one.name} (${one.role})`] as const)
  const isKnown = userId === '' || known.some(one => one.userId === userId)
  const nobody = userId === '' ? ([['', 'Choose somebody']] as const) : []
  const stranger = isKnown ? [] : ([[userId, userId === agent.userId ? agent.name : userId]] as const)
  return (
    <Choice
      path={path}
      label="Colleague"
      value={userId}
      choices={[...nobody, ...stranger, ...choices]}
      onChange={onChange}
    />
  )
}

export function HttpTools() {
  const { draft, change, readOnly } = useForm()
  const { httpTools } = draft
  return (
    <section className="tl-panel tl-stack" aria-labelledby="http-title">
      <h2 id="http-title">Tools of your own</h2>
      <p className="tl-small tl-muted">
        It calls an address of yours and speaks about the answer. The address and the secret headers are never told to
        the model.
      </p>
      {httpTools.map((tool, at) => (
        <HttpTool key={at} tool={tool} at={at} />
      ))}
      {readOnly || httpTools.length >= HTTP_TOOLS_MAX ? null : (
        <div>
          <Button variant="default" onClick={() => change({ httpTools: [...httpTools, NEW_HTTP_TOOL] })}>
            Add a tool
          </Button>
        </div>
      )}
    </section>
  )
}

const METHODS = [
  ['POST', 'POST'],
  ['GET', 'GET'],
] as const

function HttpTool({ tool, at }: { tool: HttpToolDraft; at: number }) {
  const { draft, change } = useForm()
  const edit = (next: Partial<HttpToolDraft>) => change({ httpTools: replaced(draft.httpTools, at, next) })
  const path = `httpTools.${at}`
  return (
    <fieldset className={classes.item} aria-label={`Tool ${at + 1}`}>
      <Text
        path={`${path}.name`}
        label="Name"
        description="small letters, digits and _"
        mono
        maxLength={41}
        value={tool.name}
        onChange={name => edit({ name })}
      />
      <Choice label="Method" value={tool.method} choices={METHODS} onChange={method => edit({ method })} />
      <Text
        path={`${path}.url`}
        label="Address"
        description="https only"
        inputMode="url"
        maxLength={500}
        value={tool.url}
        onChange={url => edit({ url })}
      />
      <Text
        path={`${path}.description`}
        label="When to use it"
        maxLength={600}
        value={tool.description}
        onChange={description => edit({ description })}
      />
      <div className={classes.whole}>
        <Text
          path={`${path}.input`}
          label="What it may send (JSON Schema)"
          rows={5}
          mono
          value={tool.input}
          onChange={input => edit({ input })}
        />
      </div>
      <SecretHeaders path={path} headers={tool.secretHeaders} onChange={secretHeaders => edit({ secretHeaders })} />
      <Remove what={tool.name} onClick={() => change({ httpTools: without(draft.httpTools, at) })} />
    </fieldset>
  )
}

type Headers = HttpToolDraft['secretHeaders']

function SecretHeaders({ path, headers, onChange }: { path: string; headers: Headers; onChange(next: Headers): void }) {
  const { readOnly } = useForm()
  return (
    <div className={`${classes.whole} tl-stack`}>
      {headers.map(({ name, value }, at) => (
        <div key={at} className={classes.pair}>
          <Text
            path={`${path}.secretHeaders`}
            label={`Secret header ${at + 1}`}
            mono
            value={name}
            onChange={next => onChange(replaced(headers, at, { name: next }))}
          />
          <Text
            path={`${path}.secretHeaders.${name}`}
            label={`Its value ${at + 1}`}
            placeholder="as it was saved"
            mono
            value={value}
            onChange={next => onChange(replaced(headers, at, { value: next }))}
          />
          <Remove what={`header ${name}`} onClick={() => onChange(without(headers, at))} />
        </div>
      ))}
      {readOnly || headers.length >= HEADERS_MAX ? null : (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => onChange([...headers, { name: '', value: '' }])}>
            Add a secret header
          </Button>
        </div>
      )}
    </div>
  )
}

function Remove({ what, onClick }: { what: string; onClick(): void }) {
  const { readOnly } = useForm()
  if (readOnly) return null
  return (
    <Button variant="default" size="compact-sm" className={classes.remove} onClick={onClick}>
      Remove<span className="tl-hidden"> {what}</span>
    </Button>
  )
}

/** Choice of our numbers. One agent answers a number, so ticking takes it from another agent. */
export function Numbers({ numbers, onChange }: { numbers: string[]; onChange(next: string[]): void }) {
  const { readOnly } = useForm()
  const ours = useQuery({ queryKey: ['numbers'], queryFn: getNumbers, enabled: !readOnly })
  const shown = ours.data?.items ?? numbers.map(number => ({ number, name: '' }))
  return (
    <section className="tl-panel tl-stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">Numbers that it answers</h2>
      {shown.length === 0 ? <p className="tl-muted">None. It can still be tried, and it can call out.</p> : null}
      {shown.map(({ number, name }) => (
        <Tick
          key={number}
          label={
            <>
              <span className="tl-number">{number}</span> {name}
            </>
          }
          checked={numbers.includes(number)}
          onChange={on => onChange(on ? [...numbers, number] : numbers.filter(one => one !== number))}
        />
      ))}
    </section>
  )
}
