/** What a supervisor says to an agent from their row: a message, a break, the end of their sign-in. Each wants words, which the agent reads. */
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { deskName } from '../../../core/ids.ts'
import type { LiveAgent } from '../../../wire/supervision.ts'
import { ask } from '../../api.ts'
import { useView } from '../../desk/hooks.ts'
import { useChange } from '../team/use-change.ts'
import classes from './live.module.css'

type Deed = 'message' | 'paused' | 'signed-out'
const DEEDS: readonly { deed: Deed; label: string; wants: string; done: string }[] = [
  { deed: 'message', label: 'Message', wants: 'What do you want to say?', done: 'The message stands on the screen of' },
  { deed: 'paused', label: 'Pause', wants: 'Why? The agent reads it.', done: 'On a break now:' },
  { deed: 'signed-out', label: 'Sign out', wants: 'Why? The agent reads it.', done: 'Signed out:' },
]
const WORDS_MAX = 500

export function AgentDeeds({ agent }: { agent: LiveAgent }) {
  const own = useView().agent.userId
  const change = useChange('live')
  const [deed, setDeed] = useState<Deed | null>(null)
  const [words, setWords] = useState('')
  const { agentId, name, state, why } = agent
  // Whoever has never signed in has no screen, and nobody sends words to themselves.
  if (agentId === deskName(own) || why === 'never-signed-in') return null
  const chosen = DEEDS.find(one => one.deed === deed)
  async function send(event: FormEvent) {
    event.preventDefault()
    if (chosen === undefined || words.trim() === '') return
    const request = () => tell(agentId, chosen.deed, words.trim())
    if (!(await change.run(request, `${chosen.done} ${name}`))) return
    setDeed(null)
    setWords('')
  }
  return (
    <div className={classes.deeds}>
      {DEEDS.map(one => (
        <Button
          key={one.deed}
          size="xs"
          variant={one.deed === deed ? 'filled' : 'subtle'}
          aria-pressed={one.deed === deed}
          disabled={one.deed === 'paused' && state === 'paused'}
          aria-label={`${one.label}: ${name}`}
          onClick={() => setDeed(one.deed === deed ? null : one.deed)}
        >
          {one.label}
        </Button>
      ))}
      {chosen === undefined ? null : (
        <form className={classes.deeds} aria-label={`${chosen.label}: ${name}`} onSubmit={event => void send(event)}>
          <TextInput
            size="xs"
            aria-label={chosen.wants}
            placeholder={chosen.wants}
            value={words}
            maxLength={WORDS_MAX}
            onChange={event => setWords(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" disabled={words.trim() === '' || change.busy}>
            Send
          </Button>
        </form>
      )}
    </div>
  )
}

/** People are named as calls name them, which the server takes as well. */
function tell(userId: string, deed: Deed, words: string): Promise<unknown> {
  if (deed === 'message')
    return ask('POST /v1.0/agents/:userId/messages', { params: { userId }, body: { text: words } })
  return ask('POST /v1.0/agents/:userId/state', { params: { userId }, body: { state: deed, reason: words } })
}
