/** What a phone of an extension has to be told. The password stands here once, when it was just made. */
import type { ShownExtension } from '../../../wire/extension.ts'
import { ShownOnce } from '../shown-once.tsx'
import classes from '../table.module.css'

/** An address of a socket is long, and nobody should have to put it together again. */
const WIDE = 'repeat(auto-fill, minmax(min(100%, 300px), 1fr))'

export type Made = ShownExtension & { password: string; ice_servers?: { urls: string[] }[] }

export function Provisioning({ made, onDone }: { made: Made; onDone(): void }) {
  const servers = (made.ice_servers ?? []).flatMap(one => one.urls)
  const inBrowsers = [
    ['User', made.username],
    ['Domain', made.domain_name],
    ['WebSocket address', made.ws_url],
    ...(servers.length === 0 ? [] : [['Servers for ICE', servers.join(' ')] as const]),
  ] as const
  const atCarrier = [
    ['User', made.username],
    ['Domain', made.carrier_domain_name ?? 'none yet'],
    ['Transport', 'UDP, TCP or TLS'],
  ] as const
  const rows = made.at_carrier ? atCarrier : inBrowsers
  return (
    <div className="tl-stack">
      <ShownOnce label={`The password of ${made.extension}`} value={made.password} onDone={onDone}>
        Give these to the phone. Copy the password now: it is shown only here.
      </ShownOnce>
      <dl
        className={classes.facts}
        style={{ gridTemplateColumns: WIDE }}
        aria-label={`What a phone of ${made.extension} is told`}
      >
        {rows.map(([words, value]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
