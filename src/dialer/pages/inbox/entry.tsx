/** One entry of the inbox: who called, the message and its words, and what can be done about it. */
import { Button } from '@mantine/core'
import { IconCheck, IconPhoneCalling, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useWhyNot } from '../../desk/hooks.ts'
import { stampText } from '../../desk/time.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { PersonName } from '../../look/person-name.tsx'
import classes from './inbox.module.css'
import { type Entry, soundUrl } from './inbox-api.ts'
import { forWhom, KIND_WORDS, lengthOf, SOUND_WORDS, transcriptWords, whoOf } from './words.ts'

export interface Deeds {
  callBack(entry: Entry): void
  handle(entry: Entry): void
  remove(entry: Entry): void
}

export function EntryCard({ entry, own, busy, deeds }: { entry: Entry; own: boolean; busy: boolean; deeds: Deeds }) {
  const whyNot = useWhyNot()
  const { id, kind, note, number, tm_create, tm_handled, handled_by, call_id } = entry
  const who = whoOf(entry)
  const length = lengthOf(entry)
  const why = number === '' ? 'The caller showed no number' : whyNot('single.dial')
  const handled = tm_handled !== null
  return (
    <li className={classes.entry} data-kind={kind} data-handled={handled || undefined} data-entry={id}>
      <div className={classes.line}>
        <strong>
          <PersonName name={who} />
        </strong>
        {who === number || number === '' ? null : <span className="tl-number tl-muted">{number}</span>}
        <span className={classes.kind}>{KIND_WORDS[kind]}</span>
        <span className="tl-muted tl-small">
          <time dateTime={tm_create} className="tl-number">
            {stampText(Date.parse(tm_create))}
          </time>
          {length === null ? null : <span className="tl-number"> · {length}</span>} · {forWhom(entry, own)}
          {handled ? ` · handled by ${handled_by}` : null}
        </span>
      </div>
      {kind === 'voicemail' ? <Message entry={entry} who={who} /> : null}
      {note === '' ? null : <p>{note}</p>}
      <div className={classes.deeds}>
        <ActionButton
          why={busy ? 'One moment' : why}
          variant="default"
          leftSection={<IconPhoneCalling size={16} aria-hidden />}
          label={`Call back ${who}`}
          onClick={() => deeds.callBack(entry)}
        >
          Call back
        </ActionButton>
        <Button
          variant="default"
          disabled={busy}
          leftSection={<IconCheck size={16} aria-hidden />}
          aria-label={handled ? `Open again: ${who}` : `Handled: ${who}`}
          onClick={() => deeds.handle(entry)}
        >
          {handled ? 'Open again' : 'Handled'}
        </Button>
        <Button
          variant="subtle"
          disabled={busy}
          leftSection={<IconTrash size={16} aria-hidden />}
          aria-label={`Delete ${who}`}
          onClick={() => deeds.remove(entry)}
        >
          Delete
        </Button>
        {call_id === null ? null : (
          <Link to="/calls/$callId" params={{ callId: call_id }} className="tl-small">
            The call
          </Link>
        )}
      </div>
    </li>
  )
}

function Message({ entry, who }: { entry: Entry; who: string }) {
  const { id, sound, transcript, transcript_state } = entry
  const missing = transcriptWords(transcript_state)
  return (
    <>
      {sound === 'kept' || sound === 'at-carrier' ? (
        // biome-ignore lint/a11y/useMediaCaption: the transcript below it is the text of the message
        <audio className={classes.player} controls preload="none" src={soundUrl(id)} aria-label={`Message of ${who}`} />
      ) : (
        <p className="tl-muted tl-small">{SOUND_WORDS[sound]}</p>
      )}
      {transcript === '' ? null : <blockquote className={classes.words}>{transcript}</blockquote>}
      {missing === null ? null : <p className="tl-muted tl-small">{missing}</p>}
    </>
  )
}
