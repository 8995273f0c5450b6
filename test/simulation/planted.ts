/**
 * Bugs planted on purpose into a copy of the shipping machines. Tests that do not catch them prove nothing: each
 * must be caught by the simulation, by the exhaustive laws, or by the comparison of the shipping shell with its double,
 * whichever the table says.
 */
import { POOL_BUGS } from './planted-pool.ts'

export interface Planted {
  name: string
  file: string
  find: string
  replace: string
  by: 'simulation' | 'exhaustive' | 'differential' | 'floor'
  /** needs tens of thousands of schedules */
  rare?: true
}

const BATCH: Planted[] = [
  {
    name: 'a taken seat is taken again',
    file: 'src/core/batch/decide.ts',
    find: 'seat.legId === null && !seat.paused) ?? null',
    replace: '!seat.paused) ?? null',
    by: 'simulation',
  },
  {
    name: 'an answer goes to a line that is away',
    file: 'src/core/batch/decide.ts',
    find: 'seat.legId === null && !seat.paused) ?? null',
    replace: 'seat.legId === null) ?? null',
    by: 'simulation',
  },
  {
    name: 'a released person who answers late is let in',
    file: 'src/core/batch/decide.ts',
    find: "const seat = leg.phase === 'dialing' ? this.freeSeat() : null",
    replace: 'const seat = this.freeSeat()',
    by: 'simulation',
  },
  {
    name: 'a machine keeps the seat',
    file: 'src/core/batch/decide.ts',
    find: "if (verdict === 'machine' || verdict === 'fax') this.dismiss(legId, verdict)\n    else this.win(legId, 'verdict')",
    replace: "this.win(legId, 'verdict')",
    by: 'simulation',
  },
  {
    name: 'ring-out cuts a ringing phone',
    file: 'src/core/batch/decide.ts',
    find: 'rangAt === null || this.at >= rangAt + ringOutMs',
    replace: 'rangAt === null || this.at >= rangAt',
    by: 'simulation',
  },
  {
    name: 'a holder without a verdict never wins',
    file: 'src/core/batch/decide.ts',
    find: "this.win(leg.legId, 'time')",
    replace: "this.note(leg.legId, 'unknown')",
    by: 'exhaustive',
  },
  {
    name: 'a winner gives its seat back and keeps talking',
    file: 'src/core/batch/decide.ts',
    find: "this.add({ type: 'race-won', at: this.at, legId, seatId: leg.seatId, deskId: seat.deskId, by })",
    replace:
      "this.add({ type: 'race-won', at: this.at, legId, seatId: leg.seatId, deskId: seat.deskId, by })\n    this.returnSeat(seat, 'left')",
    by: 'simulation',
  },
  {
    name: 'the watchdog sleeps once nobody is free',
    file: 'src/core/batch/batch.ts',
    find: '  return leg.watchAt\n}',
    replace: '  return seatOpen ? leg.watchAt : null\n}',
    by: 'simulation',
  },
  {
    name: 'a second call of one leg is let in',
    file: 'src/core/batch/batch.ts',
    find: 'leg.answeredAs !== providerId) return',
    replace: 'leg.answeredAs === null) return',
    by: 'exhaustive',
  },
  {
    name: 'a desk that spoke before the opening is forgotten',
    file: 'src/core/batch/decide.ts',
    find: "if (state.early[seat.seatId] === 'left') this.seatLeft(seat.seatId)",
    replace: '',
    by: 'simulation',
  },
  {
    name: 'losers are completed',
    file: 'src/core/batch/react.ts',
    find: "return [tell({ type: 'cancel-leg', legId: fact.legId })]",
    replace: "return [tell({ type: 'complete-leg', legId: fact.legId })]",
    by: 'simulation',
  },
]

const CALL: Planted[] = [
  {
    name: 'a create whose answer was lost is sent again',
    file: 'src/core/call/life/decide.ts',
    find: "this.add({ type: 'call-outcome-unknown', at: this.at })",
    replace: "this.add({ type: 'call-queued', at: this.at, untilMs: this.at + 1_000, throttled: true })",
    by: 'simulation',
  },
  {
    name: 'late words of the carrier count',
    file: 'src/core/call/life/decide.ts',
    find: 'if (known !== null && RANK[status] < RANK[known]) return',
    replace: '',
    by: 'simulation',
  },
  {
    name: 'nobody looks for a create whose answer was lost',
    file: 'src/core/call/life/decide.ts',
    find: "if (attempt.state === 'unknown' && this.at >= attempt.lookAt) this.look(attempt.looks)",
    replace: '',
    by: 'simulation',
  },
  {
    name: 'the search for a lost create never ends',
    file: 'src/core/call/life/decide.ts',
    find: 'attempt.looks >= RECONCILE_LOOKS_MAX',
    replace: 'attempt.looks > 1_000_000',
    by: 'simulation',
  },
  {
    name: 'a cancel that came before the carrier id is forgotten',
    file: 'src/core/call/life/life.ts',
    find: "return [...toBatch(state, 'placed'), ...wantedNow(state), ...counted(state, fact.at)]",
    replace: "return toBatch(state, 'placed')",
    by: 'simulation',
  },
  {
    name: 'a call that we believed dead rings on',
    file: 'src/core/call/life/life.ts',
    find: "return fact.type === 'call-stray' ? [repeat('carrier', { type: 'complete-call', providerId: fact.providerId })] : []",
    replace: 'return []',
    by: 'simulation',
    rare: true,
  },
  {
    name: 'the number stays in flight',
    file: 'src/core/call/life/life.ts',
    find: "if (kind !== 'inbound')",
    replace: "if (kind !== 'inbound' && state.answeredAt === null)",
    by: 'simulation',
  },
]

const DESK: Planted[] = [
  {
    name: 'a seat is granted twice',
    file: 'src/core/desk/decide.ts',
    find: 'if (lease || leaving || guests',
    replace: 'if (leaving || guests',
    by: 'simulation',
  },
  {
    name: 'a revoked seat is granted before its batch has let go',
    file: 'src/core/desk/seat-evolve.ts',
    find: 'lease: null, leaving: fact.lease,',
    replace: 'lease: null, leaving: null,',
    by: 'simulation',
    rare: true,
  },
  {
    name: 'two customers meet in one room',
    file: 'src/core/desk/evolve.ts',
    find: 'guests: [...state.guests, talk.callId]',
    replace: 'guests: state.guests',
    by: 'simulation',
    rare: true,
  },
  {
    name: 'an inbound call is overwritten by an answer',
    file: 'src/core/desk/evolve.ts',
    find: "if (talk.kind !== 'inbound') return { ...state, parked: talk }",
    replace: "if (talk.kind !== 'inbound') return { ...state, conversation: talk }",
    by: 'simulation',
  },
  {
    name: 'an outcome is owed and cannot be saved',
    file: 'src/core/desk/decide.ts',
    find: 'const owes = !talk.provisional && talk.campaignId !== null',
    replace: 'const owes = !talk.provisional && talk.campaignId !== null && this.state.lease !== null',
    by: 'simulation',
  },
  {
    name: 'a room never asks who is in',
    file: 'src/core/room/check.ts',
    find: 'due !== null && at >= due',
    replace: 'due !== null && at < 0',
    by: 'simulation',
  },
  {
    name: 'a closed line keeps its seat',
    file: 'src/core/desk/decide.ts',
    find: "if (lease) this.add({ type: 'seat-revoked', at: this.at, lease, because: 'line-closed' })",
    replace: '',
    by: 'simulation',
  },
]

const CAMPAIGN: Planted[] = [
  {
    name: 'a stop overtakes the opening',
    file: 'src/core/campaign/campaign.ts',
    find: "return [tell({ type: 'stop-batch', deskId, batchId: session.batchId })]",
    replace: 'return []',
    by: 'simulation',
  },
  {
    name: 'surplus numbers are kept',
    file: 'src/core/campaign/campaign.ts',
    find: "if (fact.type === 'numbers-unused') return surplus(fact.numbers, fact.askId)",
    replace: "if (fact.type === 'numbers-unused') return []",
    by: 'simulation',
  },
  {
    name: 'a pause keeps the seat that was asked for',
    file: 'src/core/campaign/campaign.ts',
    find: "case 'session-paused':\n      return giveBack(state, fact.deskId)",
    replace: "case 'session-paused':\n      return []",
    by: 'simulation',
  },
  {
    name: 'an outcome that was early is waited for',
    file: 'src/core/campaign/evolve.ts',
    find: 'leg.callId === callId && leg.outcomeIn)',
    replace: 'leg.callId === callId && leg.outcomeIn && leg.heldAt === null)',
    by: 'simulation',
    rare: true,
  },
  {
    name: 'a new session forgets the round of the last one',
    file: 'src/core/campaign/evolve.ts',
    find: 'if (!last?.roundOpen) return fresh',
    replace: 'if (last !== undefined) return fresh',
    by: 'simulation',
  },
  {
    name: 'people who were let go are not counted as left',
    file: 'src/core/campaign/decide.ts',
    find: "if (status === 'active' || status === 'dropped') this.#left += 1",
    replace: '',
    by: 'simulation',
  },
  {
    name: 'whoever wants no calls is called',
    file: 'src/core/campaign/retry.ts',
    find: "return { status: 'dnc', dueAt: null, counted: false }",
    replace: "return { status: 'active', dueAt: at + 1_000, counted: false }",
    by: 'simulation',
  },
]

const OTHERS: Planted[] = [
  {
    name: 'a join that came after its leave counts',
    file: 'src/core/room/room.ts',
    find: 'if (full || over || known) return []',
    replace: 'if (full || known) return []',
    by: 'simulation',
    rare: true,
  },
  {
    name: 'calls go out twice as fast as agreed',
    file: 'src/core/pacing/pacing.ts',
    find: 'nth + 1_000',
    replace: 'nth + 500',
    by: 'simulation',
  },
  {
    name: 'a number cools down on paper only',
    file: 'src/core/caller-id/caller-id.ts',
    find: 'eligible.filter(one => one.cooldownUntil <= at)',
    replace: 'eligible',
    by: 'simulation',
  },
  {
    name: 'one more call than the number may carry',
    file: 'src/core/caller-id/caller-id.ts',
    find: 'one.inFlight < one.inFlightCap',
    replace: 'one.inFlight <= one.inFlightCap',
    by: 'simulation',
  },
]

const SHELL: Planted[] = [
  {
    name: 'a debt is settled before it is performed',
    file: 'src/actors/shell/outbox.ts',
    find: '      return this.#settle(debt, await this.#performer.perform(debt.effect, debt.key))',
    replace:
      '      this.#settle(debt, [])\n      return this.#settle(debt, await this.#performer.perform(debt.effect, debt.key))',
    by: 'differential',
  },
  {
    name: 'an alarm is overwritten by a later one',
    file: 'src/actors/shell/alarm.ts',
    find: 'this.#armedAt !== undefined && this.#armedAt !== null && this.#armedAt <= at',
    replace: 'this.#armedAt === at',
    by: 'differential',
  },
  {
    name: 'a duplicate is accepted',
    file: 'src/actors/shell/journal.ts',
    find: 'if (inputId !== null && !this.#firstTime(inputId, input.at)) return null',
    replace: 'if (inputId !== null) this.#firstTime(inputId, input.at)',
    by: 'differential',
  },
  {
    name: 'an effect that must not be repeated is repeated after a crash',
    file: 'src/actors/shell/outbox.ts',
    find: 'if (once && debt.started) return this.#settle(debt, this.#outcomeUnknown(debt))',
    replace: '',
    by: 'differential',
  },
  {
    name: 'a lane goes on past a debt that was put off',
    file: 'src/actors/shell/outbox-store.ts',
    find: "    this.#sql.exec('UPDATE outbox SET due = ? WHERE lane = ? AND due < ?', due, debt.lane, due)\n    this.#change(debt.id, { attempts, due, started })\n    for (const other of this.#read().debts.values())\n      if (other.lane === debt.lane && other.due < due) this.#change(other.id, { due })",
    replace: '    this.#change(debt.id, { attempts, due, started })',
    by: 'differential',
  },
]

export const PLANTED: Planted[] = [...SHELL, ...BATCH, ...CALL, ...DESK, ...CAMPAIGN, ...POOL_BUGS, ...OTHERS]
