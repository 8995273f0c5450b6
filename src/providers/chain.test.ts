import { describe, expect, test } from 'vitest'
import { type Answered, LanguageChain, REST_MS, Rests, SpeechChain } from './chain.ts'
import { TranscriptionChain } from './chain-transcription.ts'
import { ProviderFailure } from './failure.ts'
import type { LanguageRequest } from './language/port.ts'
import { ScriptedLanguage, saying } from './language/scripted.ts'
import type { Mood } from './scripted.ts'
import { ScriptedSpeech } from './speech/scripted.ts'
import type { Heard, Transcription } from './transcription/port.ts'
import { ScriptedTranscription } from './transcription/scripted.ts'

const never = new AbortController().signal
const down = (provider: string) => new ProviderFailure(provider, 'unavailable', 'down')

function chainOptions(firstMs = 200) {
  const clock = { atMs: 1_000_000 }
  const answers: Answered[] = []
  const options = {
    rests: new Rests(),
    now: () => clock.atMs,
    firstMs,
    answered: (answer: Answered) => void answers.push(answer),
  }
  return { clock, answers, options }
}

async function gather<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}

function request(signal: AbortSignal = never): LanguageRequest {
  return { system: '', said: [], tools: [], tokensMax: 10, signal }
}

describe('language', () => {
  const model = (provider: string, mood?: Mood) => {
    let asked = 0
    const counted: Mood = () => {
      asked += 1
      return mood?.() ?? null
    }
    const language = new ScriptedLanguage({ provider, script: () => saying(`this is ${provider}`), mood: counted })
    return { language, asked: () => asked }
  }
  const textOf = async (chain: LanguageChain) =>
    (await gather(chain.reply(request()))).map(part => (part.type === 'text' ? part.text : '')).join('')

  test('the next one answers when the first fails before its first part, and the first rests', async () => {
    const { clock, answers, options } = chainOptions()
    let broken = true
    const [one, two] = [model('one', () => (broken ? down('one') : null)), model('two')]
    const chain = new LanguageChain([one.language, two.language], options)
    expect(await textOf(chain)).toBe('this is two')
    expect(chain.provider).toBe('two')
    expect(answers).toMatchObject([{ ability: 'language', provider: 'two', after: [{ provider: 'one' }] }])
    broken = false
    clock.atMs += REST_MS - 1
    expect(await textOf(chain)).toBe('this is two')
    expect(one.asked()).toBe(1)
    clock.atMs += 1
    expect(await textOf(chain)).toBe('this is one')
    expect(chain.provider).toBe('one')
  })

  test('one that says nothing in time is late, and is stopped', async () => {
    const { answers, options } = chainOptions(30)
    const [one, two] = [model('one', () => 'mute'), model('two')]
    expect(await textOf(new LanguageChain([one.language, two.language], options))).toBe('this is two')
    expect(answers[0]?.after).toMatchObject([{ kind: 'late' }])
  })

  test('after the first part a failure is told, not hidden: words were heard', async () => {
    const { options } = chainOptions()
    const [one, two] = [model('one', () => 'cut'), model('two')]
    const chain = new LanguageChain([one.language, two.language], options)
    await expect(textOf(chain)).rejects.toMatchObject({ provider: 'one', kind: 'unavailable' })
    expect(two.asked()).toBe(0)
    expect(await textOf(chain)).toBe('this is two')
  })

  test('when all fail the last failure is told; who rests is asked last, but asked', async () => {
    const { options } = chainOptions()
    const [one, two] = [model('one', () => down('one')), model('two', () => down('two'))]
    const chain = new LanguageChain([one.language, two.language], options)
    await expect(textOf(chain)).rejects.toMatchObject({ provider: 'two' })
    await expect(textOf(chain)).rejects.toMatchObject({ provider: 'two' })
    expect([one.asked(), two.asked()]).toEqual([2, 2])
  })

  test('an abort asks nobody else and throws nothing', async () => {
    const { answers, options } = chainOptions()
    const speaking = new AbortController()
    const [one, two] = [model('one', () => 'mute'), model('two')]
    const reading = gather(new LanguageChain([one.language, two.language], options).reply(request(speaking.signal)))
    speaking.abort()
    expect(await reading).toEqual([])
    expect([two.asked(), answers.length]).toEqual([0, 0])
  })

  test('a rest that the provider asked for is kept', () => {
    const rests = new Rests()
    rests.failed('a', new ProviderFailure('a', 'throttled', 'slow down', 60_000), 0)
    expect(rests.order(['a', 'b'], key => key, 59_999)).toEqual(['b', 'a'])
    expect(rests.order(['a', 'b'], key => key, 60_000)).toEqual(['a', 'b'])
  })
})

describe('speech', () => {
  const voice = (provider: string, mood?: Mood) =>
    new ScriptedSpeech({
      provider,
      sound: text => new TextEncoder().encode(`${provider}:${text}`),
      ...(mood ? { mood } : {}),
    })
  const heard = (pieces: Uint8Array[]) => pieces.map(piece => new TextDecoder().decode(piece)).join('')

  test('a sentence that fails before its first sound is said by the next one', async () => {
    const { options } = chainOptions()
    const moods: ReturnType<Mood>[] = [null, down('one')]
    const chain = new SpeechChain([voice('one', () => moods.shift() ?? null), voice('two')], options)
    const speaker = await chain.open({ voice: 'x', language: 'en' }, never)
    expect(heard(await gather(speaker.say('a', never)))).toBe('one:a')
    expect(heard(await gather(speaker.say('b', never)))).toBe('two:b')
    expect(speaker.provider).toBe('two')
    expect(heard(await gather(speaker.say('c', never)))).toBe('two:c')
    speaker.close()
    expect(await gather(speaker.say('d', never))).toEqual([])
  })
})

describe('transcription', () => {
  const words = [
    { text: 'hello', startMs: 0, endMs: 100 },
    { text: 'table', startMs: 200, endMs: 300 },
    { text: 'please', startMs: 400, endMs: 500 },
  ]
  /** Recognises the marks in the sound itself, so that a replay gives words only for the sound that was replayed. */
  const marked = (sound: Uint8Array) =>
    words.flatMap((word, at) => {
      const from = sound.indexOf(at + 1)
      return from === -1 ? [] : [{ text: word.text, startMs: from / 8, endMs: from / 8 + 20 }]
    })
  const frame = (mark = 0xff) => new Uint8Array(160).fill(mark)
  const finals = (events: Heard[]) =>
    events.flatMap(event => (event.type === 'words' && event.final ? [event.text] : []))

  test('a line that breaks in mid-call is replaced, and what was not yet told is heard again, once, at its time', async () => {
    const { answers, options } = chainOptions()
    const one = new ScriptedTranscription({ provider: 'one', words: marked })
    const two = new ScriptedTranscription({ provider: 'two', words: marked })
    const events: Heard[] = []
    const ear = await new TranscriptionChain([one, two], options).open(
      { language: 'en', hints: [] },
      event => events.push(event),
      never,
    )
    ear.began(0)
    ear.send(frame(1))
    ear.settle()
    await expect.poll(() => events.at(-1)?.type).toBe('settled')
    ear.send(frame())
    ear.began(0)
    ear.send(frame(2))
    one.breakAll()
    ear.send(frame(3))
    ear.settle()
    await expect.poll(() => events.filter(event => event.type === 'settled').length).toBe(2)
    expect(finals(events)).toEqual(['hello', 'table please'])
    expect(events.findLast(event => event.type === 'words')).toMatchObject({ startMs: 40, endMs: 80 })
    expect(answers.map(answer => answer.provider)).toEqual(['one', 'two'])
    expect(ear.provider).toBe('two')
    ear.close()
  })

  /** A transcriber that the test controls. It records what it was sent. */
  const played = (provider: string) => {
    const ears: { tell: (event: Heard) => void; sent: number[]; asked: string[] }[] = []
    const transcription: Transcription = {
      provider,
      open: async (_options, tell) => {
        const ear = { tell, sent: [] as number[], asked: [] as string[] }
        ears.push(ear)
        return {
          provider,
          send: mulaw => void ear.sent.push(...mulaw.filter((_, at) => at % 160 === 0)),
          began: () => void ear.asked.push(`began after ${ear.sent.length}`),
          settle: () => void ear.asked.push(`settle after ${ear.sent.length}`),
          close: () => void ear.asked.push('close'),
        }
      },
    }
    return { transcription, ears }
  }

  test('the next one hears nothing of what was finally told or settled, and learns where speech began and paused', async () => {
    const { options } = chainOptions(60_000)
    const { transcription, ears } = played('one')
    const events: Heard[] = []
    const chain = new TranscriptionChain([transcription], options)
    const ear = await chain.open({ language: 'en', hints: [] }, event => events.push(event), never)
    const breakOff = async (count: number) => {
      ears.at(-1)?.tell({ type: 'failed', failure: down('one') })
      await expect.poll(() => ears.length).toBe(count)
      await expect.poll(() => ear.provider).toBe('one')
    }
    for (const mark of [1, 2, 3]) ear.send(frame(mark))
    ears[0]?.tell({ type: 'words', text: 'a', final: true, confidence: null, startMs: 0, endMs: 40 })
    await breakOff(2)
    expect(ears[1]?.sent).toEqual([3])
    ears[1]?.tell({ type: 'words', text: 'b', final: false, confidence: null, startMs: 0, endMs: 20 })
    expect(events.at(-1)).toMatchObject({ startMs: 40, endMs: 60 })
    ear.settle()
    ear.send(frame(4))
    ears[1]?.tell({ type: 'settled' })
    ear.began(20)
    ear.send(frame(5))
    ear.settle()
    ear.send(frame(6))
    await breakOff(3)
    expect(ears[2]?.sent).toEqual([4, 5, 6])
    expect(ears[2]?.asked).toEqual(['began after 0', 'settle after 2'])
    expect(ears.slice(0, 2).map(one => one.asked.at(-1))).toEqual(['close', 'close'])
    ear.close()
  })

  test('one that does not open in time is passed over', async () => {
    const { answers, options } = chainOptions(30)
    const one = new ScriptedTranscription({ provider: 'one', words, mood: () => 'mute' })
    const two = new ScriptedTranscription({ provider: 'two', words })
    const ear = await new TranscriptionChain([one, two], options).open(
      { language: 'en', hints: [] },
      () => undefined,
      never,
    )
    expect(answers).toMatchObject([{ provider: 'two', after: [{ provider: 'one', kind: 'late' }] }])
    ear.close()
  })

  test('one that breaks as soon as it is open, and one that never settles, are replaced too', async () => {
    const { options } = chainOptions(40)
    const one = new ScriptedTranscription({ provider: 'one', words: marked, mood: () => 'cut' })
    const two = new ScriptedTranscription({ provider: 'two', words: marked, settleMs: 60_000 })
    const three = new ScriptedTranscription({ provider: 'three', words: marked })
    const events: Heard[] = []
    const ear = await new TranscriptionChain([one, two, three], options).open(
      { language: 'en', hints: [] },
      event => events.push(event),
      never,
    )
    ear.send(frame(1))
    ear.settle()
    await expect.poll(() => events.at(-1)?.type).toBe('settled')
    expect(finals(events)).toEqual(['hello'])
    expect(ear.provider).toBe('three')
    ear.close()
  })

  test('when all are down the call is told, once; and at the opening it is thrown', async () => {
    const { options } = chainOptions()
    let broken = false
    const mood: Mood = () => (broken ? down('one') : null)
    const one = new ScriptedTranscription({ provider: 'one', words, mood })
    const chain = new TranscriptionChain([one], options)
    const events: Heard[] = []
    const ear = await chain.open({ language: 'en', hints: [] }, event => events.push(event), never)
    one.breakAll()
    ear.send(frame())
    await expect.poll(() => ear.provider).toBe('one')
    expect(events).toEqual([])
    broken = true
    one.breakAll()
    await expect.poll(() => events).toMatchObject([{ type: 'failed', failure: { provider: 'one' } }])
    ear.send(frame())
    ear.settle()
    await expect(chain.open({ language: 'en', hints: [] }, () => undefined, never)).rejects.toBeInstanceOf(
      ProviderFailure,
    )
  })

  test('given up while it opens, it throws and leaves nothing open', async () => {
    const { options } = chainOptions(1_000)
    const one = new ScriptedTranscription({ provider: 'one', words, mood: () => 'mute' })
    const giving = new AbortController()
    const opening = new TranscriptionChain([one], options).open(
      { language: 'en', hints: [] },
      () => undefined,
      giving.signal,
    )
    giving.abort()
    await expect(opening).rejects.toBeInstanceOf(ProviderFailure)
  })
})
