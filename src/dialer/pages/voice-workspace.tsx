/** The page with this person's phone and settings: devices, state, token, theme, shortcuts, sounds. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { useDesk, usePhone, usePreferences, useView } from '../desk/hooks.ts'
import { preferences } from '../desk/preferences.ts'
import { stampText } from '../desk/time.ts'
import { DevicePicker, phoneWords } from '../frame/phone-pill.tsx'
import { SettingSwitches } from '../frame/settings-menu.tsx'
import { PersonName } from '../look/person-name.tsx'
import classes from './table.module.css'
import { VoiceProfile } from './voice-profile.tsx'
import look from './voice-workspace.module.css'

export function VoiceWorkspace() {
  const desk = useDesk()
  const phone = usePhone()
  const { agent } = useView()
  const { linesAcknowledged } = usePreferences()
  const own = useQuery({ queryKey: ['voice-profile', agent.userId], queryFn: () => ask('GET /api/voice-profile') })
  const alias = own.data?.identityAlias ?? ''
  const expires = phone.tokenExpiresAtMs
  return (
    <div className={look.columns}>
      <section className="tl-panel tl-stack" aria-labelledby="voice-title">
        <h1 id="voice-title">Voice</h1>
        <dl className={classes.facts}>
          <div>
            <dt>Name</dt>
            <dd>
              <PersonName name={agent.name} />
            </dd>
          </div>
          <div>
            <dt>Identity at the carrier</dt>
            <dd className="tl-number">{alias === '' ? agent.identity : `${alias} (${agent.identity})`}</dd>
          </div>
          <div>
            <dt>Phone</dt>
            <dd>{phoneWords(phone)}</dd>
          </div>
          <div>
            <dt>Sound</dt>
            <dd>
              {phone.quality.level}
              {phone.quality.cause === null ? '' : `: ${phone.quality.cause}`}
            </dd>
          </div>
          <div>
            <dt>Phone pass valid until</dt>
            <dd>{expires === null ? 'none yet' : stampText(expires)}</dd>
          </div>
        </dl>
        <DevicePicker phone={phone} />
        <div>
          <Button variant="default" onClick={() => desk.sounds.play('check')}>
            Play the test sound
          </Button>
        </div>
      </section>
      <VoiceProfile />
      <section className="tl-panel tl-stack" aria-labelledby="habits-title">
        <h2 id="habits-title">Settings of this browser</h2>
        <SettingSwitches />
        {linesAcknowledged ? (
          <div>
            <Button variant="default" onClick={() => preferences.set({ linesAcknowledged: false })}>
              Show the note about several lines again
            </Button>
          </div>
        ) : null}
      </section>
    </div>
  )
}
