/** A recording is written down: each side for itself, piece by piece, said once to its call, and gone with its sound, wherever the object dies. */
import { expect, test } from 'vitest'
import type { TranscriptLine } from '../../src/core/recording/transcript.ts'
import { ProviderFailure } from '../../src/providers/failure.ts'
import { ScriptedTranscription } from '../../src/providers/transcription/scripted.ts'
import { DAY_MS, disk, HEARD, HOUR_MS, heard, keyOf, START } from './recording-world.ts'

const HZ = 8_000
type Loud = [from: number, to: number][]

/** A file of two channels with a tone at these times, in seconds. */
function twoSides(seconds: number, first: Loud, second: Loud): Uint8Array {
  const file = new DataView(new ArrayBuffer(44 + seconds * HZ * 4))
  const word = (at: number, text: string) => {
    for (let place = 0; place < text.length; place += 1) file.setUint8(at + place, text.charCodeAt(place))
  }
  word(0, 'RIFF')
  file.setUint32(4, file.byteLength - 8, true)
  word(8, 'WAVEfmt ')
  file.setUint32(16, 16, true)
  file.setUint16(20, 1, true)
  file.setUint16(22, 2, true)
  file.setUint32(24, HZ, true)
  file.setUint32(28, HZ * 4, true)
  file.setUint16(32, 4, true)
  file.setUint16(34, 16, true)
  word(36, 'data')
  file.setUint32(40, file.byteLength - 44, true)
  for (const [side, loud] of [first, second].entries())
    for (const [from, to] of loud)
      for (let at = from * HZ; at < to * HZ; at += 1)
        file.setInt16(44 + at * 4 + side * 2, Math.round(5_000 * Math.sin(at / 3)), true)
  return new Uint8Array(file.buffer)
}

/** One word for each half second of what it hears. */
const hearing = (mood?: () => 'well' | ProviderFailure) =>
  new ScriptedTranscription({
    words: mulaw =>
      Array.from({ length: Math.floor(mulaw.length / 4_000) }, (_, at) => ({
        ...{ text: `word${at + 1}`, startMs: at * 500, endMs: (at + 1) * 500 },
      })),
    ...(mood === undefined ? {} : { mood: mood as never }),
  })

const SHORT = twoSides(10, [[1, 2]], [[4, 5.5]])
/** Three pieces: one speaks in each, and the other in the last. */
const LONG = twoSides(
  70,
  [
    [2, 3],
    [32, 33],
  ],
  [[66, 67]],
)
const shown = (lines: readonly TranscriptLine[]) => lines.map(({ side, startMs }) => `${side} ${startMs}`)
const wordsKey = (id: string) => keyOf(id).replace('.wav', '.json')

type Run = Parameters<Parameters<typeof disk>[0]>
/** A recording that is stored, and what the world tells of its transcript. */
async function stored([live, world, id]: Run, sound: Uint8Array) {
  world.atCarrier.set('RE1', sound)
  world.sound = () => new Response(sound, { headers: { 'Content-Length': String(sound.length) } })
  const life = live()
  life.rows.swept(START + DAY_MS)
  life.rows.file(heard('completed'))
  await life.work()
  expect(life.rows.read('RE1', 90)?.status).toBe('available')
  world.transcription ??= hearing()
  return { ...life, id, texts: life.rows.transcripts }
}
async function fileOf([, world, id]: Run): Promise<{ lines: TranscriptLine[]; language: string; cut: boolean }> {
  const found = await world.storage.get(wordsKey(id))
  if (!found.ok) throw new Error('no transcript is stored')
  return JSON.parse(await new Response(found.value.body as never).text())
}

test('each side is a speaker, lines come by time, the call is told of each once, and in the end there is one file [S1-49]', () =>
  disk(async (...run) => {
    const [, world, id] = run
    const { rows, texts, until } = await stored(run, SHORT)
    texts.want('RE1', 'de-DE', START)
    texts.want('RE1', 'fr-FR', START)
    await until(START + HOUR_MS)
    expect(texts.read('RE1')).toEqual({ status: 'done', language: 'de-DE', fileKey: wordsKey(id), cut: false })
    expect(texts.lines('RE1')).toEqual([])
    const { lines, language } = await fileOf(run)
    expect(language).toBe('de-DE')
    expect(lines).toEqual([
      { side: 1, startMs: 800, endMs: 2_200, text: 'word1 word2' },
      { side: 2, startMs: 3_800, endMs: 5_700, text: 'word1 word2 word3' },
    ])
    expect([...world.told.values()].map(({ callId, status, lines: said }) => [callId, status, said.length])).toEqual([
      [HEARD.callId, 'progressing', 0],
      [HEARD.callId, 'progressing', 2],
      [HEARD.callId, 'done', 0],
    ])
    // Asked again, nothing more is heard or told.
    texts.want('RE1', 'de-DE', world.now)
    await until(START + 2 * HOUR_MS)
    expect(world.told.size).toBe(3)
    // The daily sweep knows the file.
    await until(START + 2 * DAY_MS)
    expect(await world.files()).toEqual([wordsKey(id), keyOf(id)].toSorted())
    expect(rows.nextDue()).toEqual([null, null, null, null])
  }))

/** The object dies at step `at` while it writes, and another one goes on. False: it had not so many steps. */
async function killedAt(at: number, done: boolean): Promise<boolean> {
  let died = false
  await disk(async (...run) => {
    const [live, world] = run
    const { texts, until } = await stored(run, LONG)
    texts.want('RE1', 'en-US', START)
    world.begin({ at, done })
    died = await Promise.race([until(START + HOUR_MS).then(() => false), world.died.then(() => true)])
    world.begin(null)
    const second = live()
    second.rows.swept(START + DAY_MS)
    await second.until(world.now + HOUR_MS)
    expect(second.rows.transcripts.read('RE1')?.status).toBe('done')
    expect(shown((await fileOf(run)).lines)).toEqual(['1 1800', '1 31800', '2 65800'])
    const said = [...world.told.values()].flatMap(({ lines }) => lines.map(({ startMs }) => startMs))
    expect(said).toEqual([1_800, 31_800, 65_800])
    // The end is told under one name with the length of the sound, by which it is charged once.
    const ends = [...world.told.values()].filter(({ status }) => status === 'done')
    expect(ends).toHaveLength(1)
    expect(ends[0]?.seconds).toBeGreaterThanOrEqual(66)
  })
  return died
}

test.each([false, true])(
  'the object dies at any point (its deed is done: %s): every line is there once, and is said once',
  async done => {
    let at = 1
    while (await killedAt(at, done)) at += 1
    expect(at - 1).toBeGreaterThanOrEqual(8)
  },
  120_000,
)

test('the speech service fails: a piece is tried again, then it has failed and says so; asked again it goes on where it was', () =>
  disk(async (...run) => {
    const [, world] = run
    const down = new ProviderFailure('scripted', 'unavailable', 'down')
    let opened = 0
    let fails = (_: number) => false
    world.transcription = hearing(() => {
      opened += 1
      return fails(opened) ? down : 'well'
    })
    const { texts, until } = await stored(run, LONG)
    fails = count => count === 1 || count > 2
    texts.want('RE1', 'en-US', START)
    await until(START + DAY_MS)
    // The first piece at its second try, and then the second piece six times.
    expect([texts.read('RE1')?.status, opened]).toEqual(['failed', 8])
    expect(shown(texts.lines('RE1'))).toEqual(['1 1800'])
    expect([...world.told.values()].at(-1)).toMatchObject({ status: 'failed', lines: [] })
    fails = () => false
    texts.want('RE1', 'en-US', world.now)
    await until(world.now + HOUR_MS)
    expect(texts.read('RE1')?.status).toBe('done')
    expect(shown((await fileOf(run)).lines)).toEqual(['1 1800', '1 31800', '2 65800'])
    expect(opened).toBe(10)
  }, WRITTEN))
const WRITTEN = 'a recording could not be written down'

test('files are down for an hour in the middle: it goes on', () =>
  disk(async (...run) => {
    const [, world] = run
    const { texts, until } = await stored(run, LONG)
    texts.want('RE1', 'en-US', START)
    world.fault = () => (world.now < START + HOUR_MS ? 'down' : null)
    await until(START + 3 * HOUR_MS)
    expect(texts.read('RE1')?.status).toBe('done')
  }, WRITTEN))

test('it is deleted while it is written, or after: no word of it stays', () =>
  disk(async (...run) => {
    const [, world] = run
    const { rows, texts, work, until } = await stored(run, LONG)
    texts.want('RE1', 'en-US', START)
    await work()
    expect(texts.lines('RE1')).toHaveLength(1)
    rows.expire('RE1', 'deleted', 'Root', world.now)
    expect([texts.read('RE1'), texts.lines('RE1')]).toEqual([null, []])
    await until(START + HOUR_MS)
    expect(await world.files()).toEqual([])
  }))

test('at the end of its days the transcript goes with its sound [S1-36]', () =>
  disk(async (...run) => {
    const [, world, id] = run
    const { texts, until } = await stored(run, SHORT)
    texts.want('RE1', 'en-US', START)
    await until(START + 89 * DAY_MS)
    expect(await world.files()).toContain(wordsKey(id))
    await until(START + 91 * DAY_MS)
    expect([await world.files(), texts.read('RE1')]).toEqual([[], null])
  }))

test('the workspace has all written down, or none; a wish waits for the sound, and ends when there is none', () =>
  disk(async (...run) => {
    const [live, world] = run
    world.transcription = hearing()
    world.policy = { ...world.policy, transcripts: 'all' }
    const { texts, until, rows } = await stored(run, SHORT)
    await until(START + HOUR_MS)
    expect(texts.read('RE1')?.status).toBe('done')
    world.policy = { ...world.policy, transcripts: 'none' }
    for (const recordingId of ['RE2', 'RE3']) rows.file(heard('in-progress', { recordingId }))
    texts.want('RE2', 'en-US', world.now)
    texts.want('RE3', 'en-US', world.now)
    await until(START + 2 * HOUR_MS)
    expect(texts.read('RE2')?.status).toBe('waiting')
    world.atCarrier.set('RE2', SHORT)
    rows.file(heard('completed', { recordingId: 'RE2' }))
    rows.file(heard('absent', { recordingId: 'RE3' }))
    await live().until(START + 3 * HOUR_MS)
    expect([texts.read('RE2')?.status, texts.read('RE3')?.status]).toEqual(['done', 'failed'])
  }))
