/** What a page hears on its own socket after it has said something. */
import type { Sockets } from '../shell/sockets.ts'
import { type Answer, accepted, type DeskShell } from './commands.ts'
import { screenOf } from './screen.ts'

/** A page that missed more facts than this gets the newest. */
const REPLAY_MAX = 100

export function answerPage(shell: DeskShell, sockets: Sockets, socket: WebSocket, answer: Answer): void {
  const { journal } = shell
  switch (answer.type) {
    case 'hello': {
      sockets.name(socket, answer.tabId)
      // The newest facts are the page's event list; a page that was reloaded asks from the beginning.
      const missed = journal.factsAfter(Math.max(answer.since, journal.seq - REPLAY_MAX), REPLAY_MAX)
      return sockets.send(socket, screenOf(shell, missed), journal.seq)
    }
    case 'ack':
      return sockets.acknowledge(socket, answer.seq)
    case 'look': {
      sockets.look(socket, answer.on)
      return sockets.send(socket, JSON.stringify(accepted(answer.id)), journal.seq)
    }
    default:
      return sockets.send(socket, JSON.stringify(answer), journal.seq)
  }
}

/** The tab that owned the phone is gone: another may take it. */
export function pageLeft(shell: DeskShell, sockets: Sockets, socket: WebSocket): void {
  const { tabId } = sockets.read(socket)
  if (tabId !== '' && tabId === shell.state.phone.ownerTabId && !sockets.hasTab(tabId))
    shell.commit({ type: 'phone.lost', at: shell.now(), tabId })
}
