/** What people who do this job have met: words that end a call, answers that are none, and transcripts that are no turn. */
import { expect, test } from 'vitest'
import type { LanguagePart } from '../../../providers/language/port.ts'
import { PHRASES } from '../phrases.ts'
import { QuietRoom, text } from '../testing/quiet-room.ts'

test.each<[string, LanguagePart[]]>([
  ['an emoji', text('👍')],
  ['nothing, by a filter', [{ type: 'end', reason: 'filtered', tokensIn: 1, tokensOut: 0 }]],
  ['nothing, by the limit of its length', [{ type: 'end', reason: 'length', tokensIn: 1, tokensOut: 0 }]],
  ['a thought', text('<think>What do they want?</think>')],
])('a model that answers with %s: it is said in words, and the call goes on [C8]', async (_name, answer) => {
  const room = new QuietRoom({ answers: [answer, text('We open at nine.')] })
  room.loop.start(true)
  await room.says('When do you open?')
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('agent-said')[0]?.text).toBe(PHRASES.en.noAnswer)
  expect(room.of('failed')).toEqual([])
  await room.says('Your opening hours?')
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.of('agent-said')[1]?.text).toBe('We open at nine.')
})

test('the voice gets keys as words, and the transcript keeps them as they are written [C8]', async () => {
  const voiced: string[] = []
  async function* voice(words: string): AsyncIterable<Uint8Array> {
    voiced.push(words)
    yield new Uint8Array(8_000).fill(0x20)
  }
  const room = new QuietRoom({ answers: [text('Press # or * to go on.')], voice })
  room.loop.start(true)
  await room.says('What now?')
  await room.until(() => room.of('agent-said').length === 1)
  expect(voiced).toEqual(['Press pound or star to go on.'])
  expect(room.of('agent-said')[0]?.text).toBe('Press # or * to go on.')
})

test('an end that a later tool of the same answer takes back does not come [C8]', async () => {
  const tool = (name: string): LanguagePart => ({ type: 'tool', toolId: name, name, input: {} })
  const answer: LanguagePart[] = [tool('end_call'), tool('transfer_call'), ...text('').slice(1)]
  const room: QuietRoom = new QuietRoom({
    answers: [answer, text('I am connecting you.')],
    tool: async ({ name }) => (name === 'end_call' ? room.loop.leaveAfterReply() : room.loop.stayAfterReply()),
  })
  room.loop.start(true)
  await room.says('A person, please.')
  await room.until(() => room.of('agent-said').length === 1)
  await room.pass(2_000)
  expect(room.of('closing')).toEqual([])
  expect(room.hungUp).toBe(false)
})

test.each(['Mhmm', 'Mm-hmm.', 'Yup', 'Hmmm'])(
  '"%s" over our sentence: no interruption and no turn [C9]',
  async words => {
    const room = new QuietRoom({
      answers: [text('We sell paper, pens, chairs and tables to offices in forty countries.')],
    })
    room.loop.start(true)
    await room.says('What do you sell?')
    await room.until(() => room.sounding)
    await room.pass(1_000)
    await room.says(words, 400)
    await room.until(() => room.of('agent-said').length === 1)
    expect(room.of('interrupted')).toEqual([])
    expect(room.of('caller-said').map(one => one.text)).toEqual(['What do you sell?'])
    expect(room.of('agent-said')[0]?.interrupted).toBe(false)
  },
)

test('a final transcript that is sent twice, in its turn and after it, is one turn [C9]', async () => {
  const room = new QuietRoom({})
  room.loop.start(true)
  await room.pass(400, true)
  room.final('Two chairs, please.', 1_000, 2_000)
  room.final('Two chairs, please.', 1_000, 2_000)
  await room.until(() => room.of('agent-said').length === 1)
  room.final('Two chairs, please.', 1_000, 2_000)
  await room.pass(3_000)
  expect(room.of('caller-said').map(one => one.text)).toEqual(['Two chairs, please.'])
  room.final('Two chairs, please.', 9_000, 10_000)
  await room.until(() => room.of('caller-said').length === 2)
  expect(room.of('caller-said')[1]?.text).toBe('Two chairs, please.')
})

test('a prompt that the carrier delivers twice is one turn, and punctuation is none [C9]', async () => {
  const room = new QuietRoom({ wordsOnly: true })
  room.loop.start(true)
  room.loop.prompted('.', true)
  room.loop.prompted('Two chairs.', true)
  room.loop.prompted('Two chairs.', true)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('caller-said').map(one => one.text)).toEqual(['Two chairs.'])
})

test('"." is no turn [C9]', async () => {
  const room = new QuietRoom({})
  room.loop.start(true)
  await room.pass(200, true)
  room.final('.', 0, 100)
  await room.pass(3_000)
  expect(room.of('caller-said')).toEqual([])
  expect(room.asked).toEqual([])
})

const GOES_ON = ['No, that’s all wrong.', 'Please don’t end the call.', 'That’s all right, go on.']

test.each(GOES_ON)('"%s" is answered by the model, and the call goes on [C7]', async words => {
  const room = new QuietRoom({ answers: [text('I see. Go on.')] })
  room.loop.start(true)
  await room.says(words)
  await room.until(() => room.of('agent-said').length === 1)
  expect(room.of('closing')).toEqual([])
  expect(room.asked[0]?.said).toEqual([{ role: 'caller', text: words }])
})

test.each(GOES_ON)('"%s" typed to a carrier that speaks by itself ends no call [C7]', async words => {
  const room = new QuietRoom({ wordsOnly: true, answers: [text('I see. Go on.')] })
  room.loop.start(true)
  room.loop.prompted(words, true)
  await room.until(() => room.asked.length === 1)
  expect(room.of('closing')).toEqual([])
})

test.each([
  ['Yes.', undefined, 300],
  ['Yes.', 1_500, 1_500],
  ['I want and', undefined, 800],
  ['I want and', 1_500, 1_500],
  ['My number is 555', 700, 700],
])(
  '"%s" with a silence of %s ms for the end of a turn: it ends after %i ms [S2-9]',
  async (words, turnSilenceMs, endsAfterMs) => {
    const room = new QuietRoom(turnSilenceMs === undefined ? {} : { turnSilenceMs })
    room.loop.start(true)
    await room.says(words, 600)
    const silentMs = room.nowMs
    await room.until(() => room.of('caller-said').length === 1)
    const tookMs = room.nowMs - silentMs
    expect(tookMs).toBeGreaterThanOrEqual(endsAfterMs)
    // The detector reports the end of a sound late.
    expect(tookMs).toBeLessThan(endsAfterMs + 300)
  },
)

test.each([
  ['a call that came in', {}],
  ['a call that we made, whose person has greeted already', { answering: { voicemail: '' } }],
])('"ciao" first says hello and later goodbye, on %s [C7]', async (_name, more) => {
  const room = new QuietRoom({
    language: 'it-IT',
    opening: 'Buongiorno.',
    answers: [text('Come posso aiutarla?')],
    ...more,
  })
  room.loop.start(true)
  if ('answering' in more) await room.says('Pronto?')
  await room.until(() => room.of('agent-said').length === 1)
  await room.says('Ciao!')
  await room.until(() => room.of('agent-said').length === 2)
  expect(room.of('agent-said')[1]?.text).toBe('Come posso aiutarla?')
  await room.says('Ciao.')
  await room.until(() => room.hungUp)
  expect(room.of('closing')).toEqual([{ type: 'closing', reason: 'goodbye' }])
})
