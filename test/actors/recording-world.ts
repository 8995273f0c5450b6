/** The world of a recording for tests of its life: a carrier and a place for files in memory, the time as a number, and the end of the object at any step. */
import { runInDurableObject } from 'cloudflare:test'
import { expect, vi } from 'vitest'
import { type Found, Keeper, type Outside } from '../../src/actors/recording/keeper.ts'
import { Rows } from '../../src/actors/recording/rows.ts'
import type { TranscriptNews } from '../../src/actors/recording/writer.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import type { OutsideAnswer } from '../../src/core/call/flow/state.ts'
import { earliest } from '../../src/core/machine.ts'
import { type RecordingPolicy, USUAL_POLICY } from '../../src/core/recording/policy.ts'
import type { FileStorage } from '../../src/providers/storage/port.ts'
import { type Fault, type Operation, ScriptedStorage } from '../../src/providers/storage/scripted/scripted.ts'
import type { Carried, CarrierRecording, SoundForm, Telephony } from '../../src/providers/telephony/port.ts'
import type { Transcription } from '../../src/providers/transcription/port.ts'
import { wavOf } from '../../src/sound/wav.ts'
import { bindings } from './stage.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const START = Date.UTC(2026, 10, 29, 12)
export const SOUND = wavOf(
  Int16Array.from({ length: 8_000 }, (_, at) => Math.round(6_000 * Math.sin(at / 3))),
  8_000,
)

/** What the world does at its `n`th step: it is not done, or it is done and nobody hears of it; the object dies there. */
interface Kill {
  at: number
  done: boolean
}

class World {
  now = START
  /** by the carrier's id */
  readonly atCarrier = new Map<string, Uint8Array>()
  listed: CarrierRecording[] = []
  readonly storage: ScriptedStorage
  readonly deeds: string[] = []
  fault: (operation: Operation) => Fault = () => null
  /** what the carrier answers to a question for the sound */
  sound: (form?: SoundForm) => Response = () => answerOf(SOUND)
  conferenceOver = true
  /** what calls and rooms were told of that their reports had not said, by the name under which a repeat is known */
  readonly reported = new Map<string, { of: string } & Found>()
  /** of the room */
  onEndFlowId = ''
  /** JSON of the steps, by id */
  readonly flows = new Map<string, string>()
  /** of somebody's server */
  answer: OutsideAnswer = { is: 'result', result: '200' }
  /** what was told of flows, by the name under which a repeat is known */
  readonly moved = new Map<string, { of: string; reason: string; because: string }>()
  call = { over: true, providerId: 'CA1' as string | null }
  policy: RecordingPolicy = USUAL_POLICY
  /** what the call was told, by the name under which it knows a repeat */
  readonly told = new Map<string, { callId: string } & TranscriptNews>()
  transcription: Transcription | null = null
  kill: Kill | null = null
  died: Promise<void> = Promise.resolve()
  #die: () => void = () => undefined
  #steps = 0

  constructor() {
    this.storage = new ScriptedStorage(operation => this.fault(operation))
  }

  /** The place for files as the object sees it: at the step where it dies it gets no answer. */
  #mortal(): FileStorage {
    const verb =
      (operation: Operation) =>
      async (first: unknown, ...more: unknown[]) => {
        const key = typeof first === 'object' && first !== null && 'key' in first ? first.key : [first].flat()[0]
        this.deeds.push(`${operation} ${String(key).split('/').at(-1)}`)
        let answer: unknown = null
        const does = this.storage[operation].bind(this.storage) as (...args: unknown[]) => Promise<unknown>
        const lives = await this.#step(async () => {
          answer = await does(first, ...more)
        })
        return lives ? answer : new Promise(() => undefined)
      }
    const verbs = { put: verb('put'), get: verb('get'), head: verb('head'), delete: verb('delete'), list: verb('list') }
    return verbs as unknown as FileStorage
  }

  /** From here on steps are counted; null: nobody dies. */
  begin(kill: Kill | null): void {
    this.kill = kill
    this.#steps = 0
    this.died = new Promise(resolve => {
      this.#die = resolve
    })
  }

  /** False: it is the end of this life, before the deed or after it. */
  async #step(deed: (() => unknown) | null): Promise<boolean> {
    this.#steps += 1
    const dies = this.kill !== null && this.#steps === this.kill.at
    if (!dies || this.kill?.done) await deed?.()
    if (dies) this.#die()
    return !dies
  }

  outside(days = 90): Outside {
    const hang = () => new Promise<never>(() => undefined)
    const carrier: Partial<Telephony> = {
      recordingSound: async (id, form) => {
        this.deeds.push('sound')
        if (!(await this.#step(null))) return hang()
        return this.atCarrier.has(id) ? this.sound(form) : new Response(null, { status: 404 })
      },
      removeRecording: async (id): Promise<Carried<null>> => {
        this.deeds.push('erase')
        if (!(await this.#step(() => this.atCarrier.delete(id)))) return hang()
        return { ok: true, value: null }
      },
      recordingsOfRoom: async conferenceId => {
        this.deeds.push(`list ${conferenceId}`)
        return { ok: true, value: this.listed }
      },
      recordingsOf: async () => {
        this.deeds.push('list')
        return { ok: true, value: this.listed }
      },
    }
    return {
      telephony: async () => carrier as Telephony,
      storage: () => this.#mortal(),
      policy: async () => ({ ...this.policy, days }),
      language: () => (this.transcription === null ? null : 'en-US'),
      transcription: () => this.transcription,
      tell: async (callId, news, name) => {
        if (!(await this.#step(() => this.told.set(name, { callId, ...news })))) return hang()
      },
      flow: async flowId => this.flows.get(flowId) ?? null,
      asked: async (verb, option) => {
        this.deeds.push(`asked ${verb} ${String(option.uri ?? option.event_url ?? '')}`)
        if (!(await this.#step(null))) return hang()
        return this.answer
      },
      tellFlow: async (of, news, name) => {
        if (!(await this.#step(() => this.moved.set(name, { of, ...news })))) return hang()
      },
      report: async (of, news, name) => {
        if (!(await this.#step(() => this.reported.set(name, { of, ...news })))) return hang()
        return news.conferenceId === null ? '' : this.onEndFlowId
      },
      isOver: async () => this.conferenceOver,
      patienceMs: 2_000,
      call: async () => this.call,
    }
  }

  /** The names of the files that are there, whatever faults are scripted. */
  async files(): Promise<string[]> {
    const [kill, fault] = [this.kill, this.fault]
    this.kill = null
    this.fault = () => null
    const page = await this.storage.list('recordings-', null)
    Object.assign(this, { kill, fault })
    return page.ok ? page.value.items.map(({ key }) => key) : []
  }
}

export function answerOf(sound: Uint8Array, headers: Record<string, string> = {}): Response {
  return new Response(sound, {
    headers: { 'Content-Type': 'audio/x-wav', 'Content-Length': String(sound.length), ...headers },
  })
}

let workspaces = 0
interface Life {
  rows: Rows
  world: World
  work(): Promise<void>
  /** until nothing is due before this time */
  until(untilMs: number): Promise<void>
}

/** Rows on a disk of their own; each call of `live` is a new life of the object on it. */
/** `message`: what is told of a step that is tried again */
export async function disk(
  run: (live: (days?: number) => Life, world: World, workspaceId: string) => Promise<void>,
  message = 'a recording could not be kept',
) {
  workspaces += 1
  const workspaceId = `w_life${workspaces}`
  const stub = stubFor(bindings, 'recording', workspaceId) as unknown as DurableObjectStub
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  await runInDurableObject(stub, async (_, { storage }) => {
    const world = new World()
    const live = (days = 90): Life => {
      const rows = new Rows(storage.sql)
      const keeper = new Keeper(rows, workspaceId, world.outside(days))
      const work = () => keeper.work(world.now)
      const until = async (untilMs: number) => {
        for (let runs = 0; runs < 500; runs += 1) {
          await work()
          const next = earliest([...rows.nextDue(), rows.nextSweep()])
          if (next === null || next > untilMs) break
          world.now = Math.max(world.now, next)
        }
        world.now = Math.max(world.now, untilMs)
      }
      return { rows, world, work, until }
    }
    await run(live, world, workspaceId)
  })
  // A step that is tried again is told, with the recording and nothing of its people.
  const told = JSON.stringify({ message, recording: 'RE1' })
  expect(logged.mock.calls.flat().filter(text => text !== told)).toEqual([])
  logged.mockRestore()
}

export const HEARD = { recordingId: 'RE1', callId: 'w_a.call_1', agentId: 'ada', seconds: 1 }
export const heard = (word: string, more: object = {}) => ({ ...HEARD, atMs: START, word, ...more })
export const keyOf = (workspaceId: string, id = 'RE1') => `recordings-${workspaceId}/2026-11-29/${id}.wav`

export async function isWhole(world: World, workspaceId: string): Promise<void> {
  expect(await world.files()).toEqual([keyOf(workspaceId)])
  expect([...world.atCarrier.keys()]).toEqual([])
  const stored = await world.storage.get(keyOf(workspaceId))
  if (!stored.ok) throw new Error('it is not there')
  expect(new Uint8Array(await new Response(stored.value.body as never).arrayBuffer())).toEqual(SOUND)
}
