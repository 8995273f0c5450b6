/** Bugs in the shipping actors of a floor: one thing wrong in the shell, in what a performer owes, or in what a floor has found before. */
import type { Planted } from '../planted.ts'

export const PLANTED_FLOORS: Planted[] = [
  {
    name: 'the shell settles a debt before it is performed',
    file: 'src/actors/shell/outbox.ts',
    find: '      return this.#settle(debt, await this.#performer.perform(debt.effect, debt.key))',
    replace:
      '      this.#settle(debt, [])\n      return this.#settle(debt, await this.#performer.perform(debt.effect, debt.key))',
    by: 'floor',
  },
  {
    name: 'the shell gives a delivery up after one try',
    file: 'src/actors/shell/outbox.ts',
    find: '      this.#putOff(debt, error)\n      return false',
    replace: '      void error\n      return this.#settle(debt, [])',
    by: 'floor',
  },
  {
    name: 'the shell does not wake for what it still owes',
    file: 'src/actors/shell/outbox.ts',
    find: 'const wanted = earliest([next, machine.deadline(state)])',
    replace: 'const wanted = (void next, machine.deadline(state))',
    by: 'floor',
  },
  {
    name: 'a caller who leaves the queue is not taken out of it',
    file: 'src/actors/call/flow-outside.ts',
    find: "\n  await near.actor('queue', queueId).deliver(input, ",
    replace: '\n  void (input, ',
    by: 'floor',
  },
  {
    name: 'an offer of a queue that is over is not told to the desk',
    file: 'src/actors/queue/performer.ts',
    find: "          await near.actor('desk', deskId).deliver(input, id)\n          return []",
    replace: '          void [input, deskId]\n          return []',
    by: 'floor',
  },
  {
    name: 'an offer of a colleague that is over is not told to the desk',
    file: 'src/actors/call/transfer.ts',
    find: "      const input = { type: 'offer.over' as const, at, of, callId: over ? callId : null, pause: false }\n      await near.actor('desk', deskId).deliver(input, id)",
    replace: '      void [deskId, of, over]',
    by: 'floor',
  },
  {
    name: 'nobody tells the agent who hands over what became of it',
    file: 'src/actors/call/transfer.ts',
    find: "      await near.actor('desk', deskId).deliver({ type: 'transfer.over', at, callId, transferId, end }, id)",
    replace: '      void [deskId, transferId, end]',
    by: 'floor',
  },
  {
    name: 'the phone of an agent who has picked up is not told to stop',
    file: 'src/actors/call/transfer.ts',
    find: "      await near.actor('desk', effect.deskId).deliver({ type: 'inbound.picked-up', at, callId }, id)",
    replace: '      void id',
    by: 'floor',
  },
  {
    name: 'the answer of a colleague does not reach the call',
    file: 'src/actors/desk/handover.ts',
    find: "    await near.actor('call', of.id).deliver({ type: 'transfer.answered', at, offerId, answer, room, reason }, id)",
    replace: '    void [id, offerId, answer, room, reason]',
    by: 'floor',
  },
  {
    name: 'the number that was asked first is not ended',
    file: 'src/actors/call/transfer.ts',
    find: "      await near.actor('call', effect.legId).deliver({ type: 'call.complete-wanted', at }, id)",
    replace: '      void effect',
    by: 'floor',
  },
  {
    name: 'the answer of an agent does not reach the queue',
    file: 'src/actors/desk/handover.ts',
    find: "  await near.actor('queue', of.id).deliver({ type: 'offer.answered', at, offerId, answer, room, reason, callId }, id)",
    replace: '  void [id, callId]',
    by: 'floor',
  },
  {
    name: 'the carrier’s question does not move the person',
    file: 'src/actors/call/replies.ts',
    find: "    if (place?.at !== 'queue') return void this.#shell.commit(fetched)",
    replace: "    if (place?.at !== 'queue') return",
    by: 'floor',
  },
  // Found by the first floors.
  {
    name: 'a person who is handed to a queue that does not answer hears an apology and the end',
    file: 'src/actors/call/replies.ts',
    find: '    const actionsJson = JSON.stringify(queueFlow(place.queueId))',
    replace:
      "    const actionsJson = JSON.stringify([{ id: 'queue', type: 'queue_join', option: { queue_id: place.queueId } }])",
    by: 'floor',
  },
  {
    name: 'the second flow of a call counts its asks from one',
    file: 'src/core/call/flow/evolve.ts',
    find: '    asks: before?.asks ?? 0,',
    replace: '    asks: 0,',
    by: 'floor',
    rare: true,
  },
  {
    name: 'a visitor’s line that the carrier took there twice stays there',
    file: 'src/core/desk/visit.ts',
    find: "  if (word === 'left' && visit.stage === 'there') abandon(desk)",
    replace:
      "  if (word === 'left' && visit.stage === 'there') {\n    desk.add({ type: 'visit-ended', at, of: visit.of, callId, because: 'lost' })\n    desk.closeLine()\n  }",
    by: 'floor',
    rare: true,
  },
]
