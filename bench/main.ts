/** `npm run bench -- NAME [--option N]`: one figure, one JSON line last, one block in docs/PERFORMANCE.md. */
import { parseArgs } from 'node:util'
import { recordFigure } from '../scripts/figures.ts'

type Values = Record<string, number | string>
interface Options {
  /** a folder with the user's own data; its figures are printed and not recorded */
  data: string | undefined
  split: string
}
interface Bench {
  goal: string
  /** the option that sets the size of the run, and its default */
  option: 'batches' | 'rounds' | 'samples' | 'calls' | 'frames' | 'turns' | 'interruptions' | 'events' | 'rows' | null
  count: number
  /** a smaller run is for development, and is not recorded */
  full?: number
  notes: string[]
  run(count: number, options: Options): Promise<object>
}

const BENCHES: Record<string, Bench> = {
  race: {
    goal: 'exactly one winner in each of 10,000 batches of 4 simultaneous answers; CPU per answer ≤ 2.0 times the reference for the reply, ≤ 6 times with all that is owed',
    option: 'batches',
    count: 10_000,
    notes: [
      'The reference (Worker → one object, one row, the same form body) is measured before and after, in the same process. CPU is that of workerd alone. What the carrier says later of its own accord (status callbacks of the ended calls) is new input, not a debt of the answer, and is not in it.',
    ],
    run: async count => (await import('./race/race.ts')).benchRace(count),
  },
  'answer-to-ear': {
    goal: 'p95 ≤ 400 ms from a person’s answer to sound in the agent’s ear (real dialer, real SDK, WebRTC, default jitter buffer); 0 rounds bridged twice',
    option: 'rounds',
    count: 100,
    notes: [
      'The person speaks from the first frame; four fifths of the rounds run at 4 calls per second, one fifth at 1; three rounds to warm up are not counted. Two of the four people of a round answer in the same instant.',
    ],
    run: async count => browserBench('answer-to-ear', count),
  },
  'webhook-to-pixel': {
    goal: 'p95 ≤ 120 ms from a status webhook to the painted lane in the real dialer',
    option: 'samples',
    count: 60,
    notes: ['From the moment the phone network sends the webhook to the frame after the lane changed its state.'],
    run: async count => browserBench('webhook-to-pixel', count),
  },
  bundle: {
    goal: 'dialer: initial JS ≤ 215 KiB gz, CSS ≤ 22; Worker code ≤ 900 KiB gz (data modules apart), start-up ≤ 150 ms, CPU of the start-up ≤ 3.0 times the reference',
    option: null,
    count: 0,
    notes: [
      'startupMs: spawn to first answer of bare workerd, median, less the same for an empty Worker. startupCpuMs: CPU of the workerd process until its first answer. The reference is a Worker with hono, zod and one empty actor, built as wrangler does it (`bench/start-up/reference.ts`). Fifteen starts of each, in turns; medians, and the least and the most.',
      'workerGzKiB: all modules of code, those that are loaded late too.',
    ],
    run: async () => (await import('./bundle.ts')).benchBundle(),
  },
  recordings: {
    goal: '500 recordings with a kill -9 of the Worker every 5 s: 0 lost, 0 orphans at the carrier or in R2',
    option: 'calls',
    count: 500,
    full: 500,
    notes: [
      'Callers of a flow are recorded in real time, twelve at once, by the phone network; the Worker runs on miniflare with R2 on disk. `p95AvailableMs`: from the end of a recording until the carrier is told to delete it, which is after the copy was read back. `bytesPerSecond`: of stored files, over the whole run. `orphans`: recordings that the carrier still has and files that no row names, after the rest.',
    ],
    run: async count => (await import('./recordings.ts')).benchRecordings(count),
  },
  'phone-network': {
    goal: 'streams per core at ≤ 5 ms p99 lateness, a stream’s echo ≤ 100 ms, silence ≤ 60 ms after clear, ≥ 40 browser legs per core, REST creates a second, virtual time ÷ real time',
    option: null,
    count: 0,
    notes: [
      'browserLegsPerCore: PCMU, everybody speaks all the time, two in a conference; CPU of the network’s process alone, above its idle CPU.',
      'callsCreatedPerSecond: over HTTP, the client in the same process. virtualSpeedup: ten minutes with 2,000 calls.',
    ],
    run: async () => (await import('./phone-network/phone-network.ts')).benchPhoneNetwork(),
  },
  vad: {
    goal: 'AUC ≥ 0.945, missed ≤ 1.5 %, false starts ≤ 0.6 a minute without speech, onset p50 ≤ 150 ms; a 20 ms frame costs ≤ 1.6 times the reference loop, ≤ 1/8 of the plain form, and differs from it by ≤ 1e-4',
    option: 'frames',
    count: 4_000,
    notes: [
      'Base64 in, through the detector and the gate of a call, in workerd. Terms: `bench/vad/score.ts`. The reference loop is 16,384 multiply-adds with one running sum; windows of all ways take turns.',
      'The clips hold a synthetic voice (flite) in generated noise of 8 kinds at 0…20 dB, and without noise. Most false starts come from babble, where other voices speak. The figures that begin with “hard” are of the same voice in rooms, through coloured microphones and on bad lines, down to −42 dBFS (`bench/vad/clips/scene.ts`); no bar is set for them. `npm run bench -- vad --data DIR` measures your own labelled clips (`bench/vad/clips/write.ts` tells the format; `--split NAME`, default test), and docs/decisions/020 has figures on human voices.',
      'callsPerCore counts the kernel alone; receiving a frame by WebSocket costs more than hearing it. weights is the SHA-256 of the weights file.',
    ],
    run: async (count, options) => (await import('./vad/vad.ts')).benchVad(count, options),
  },
  'speech-recognition': {
    goal: 'the speech sidecar over a telephone line: ≥ 85 % of its phrases understood, ≥ 85 % of other sentences refused, ≤ 0.3 s of work per second of sound',
    option: null,
    count: 0,
    notes: [
      'Synthetic voices (rms, slt, awb) through µ-law, one way to say each phrase of the shipped scripts, 36 other sentences. Understood: the same rule with the same slots. ActedOn: an outside sentence on which the receptionist would have acted. All against the grammar of all scripts together, but StateGrammar: of the state that the caller is in.',
      'Thresholds were chosen with other outside sentences and with two of the voices; the phrases are those that the grammar is made of, so wording outside of them is not measured. Noise: white, 31 dB under the peak. Work is wall time on the bench machine, others working beside.',
    ],
    run: async () => (await import('./speech/recognition.ts')).benchSpeechRecognition(),
  },
  'voice-to-voice': {
    goal: 'from the end of the caller’s speech to the start of ours on the recording, local models: p50 ≤ 700 ms, p95 ≤ 1,000 ms; orchestration alone (providers that take no time) p95 ≤ 40 ms',
    option: 'turns',
    count: 50,
    full: 50,
    notes: [
      'Whole calls on the phone network, two at a time; measured on the stereo recording, 10 ms windows over −46 dBFS. The turns are data (`bench/voice/turns.json`). p50Ms and p95Ms are of the plain ones: in numbers and after unfinished words the agent waits longer on purpose, so as not to cut people off; those stand beside. unfinishedCut: turns with a pause of 0.5 s inside, in which we began to speak before their end; the local recogniser knows whole phrases only, so that the words before the pause come to nothing and the wait is that for open words (0.8 s).',
      'overheadP95Ms: from “the caller has finished” to the first sound on the socket inside workerd, whose clock has steps of 1 ms.',
    ],
    run: async count => (await import('./voice/voice-to-voice.ts')).benchVoiceToVoice(count),
  },
  'barge-in': {
    goal: 'from the caller’s first sound to the carrier’s “clear”: p50 ≤ 280 ms, p95 ≤ 520 ms down to 10 dB SNR; ≤ 20 ms of it after the deciding frame; 0 old words after the clear; 0 interruptions by “okay” and the like or by a pause; heard text = words on the recording ± 1',
    option: 'interruptions',
    count: 50,
    full: 50,
    notes: [
      'Whole calls on the phone network, read from the stereo recording: the caller’s clip is found in the line by its shape, and the clear is where our side becomes digital silence. A fifth each in a silent room and at 20, 15, 12 and 10 dB SNR (noise of an office, RMS of the voice over RMS of the noise). falseAlarms: noise had made us pause before the caller spoke; those calls are made again.',
      'heardTextExact: our words against the recording ± 1; a word was heard when half of it was played, word ends by the lengths of the voice’s own beginnings of the sentence. processingP95Ms: from the frame to the clear, inside workerd (steps of 1 ms). A backchannel is “okay”, “mm” and the like in the middle of our sentence: we pause, and go on when it turns out to be one; a pause of more than 700 ms counts as an interruption. (The local voice spells “mm hmm”, so it says “um hum”.)',
    ],
    run: async count => (await import('./voice/barge-in.ts')).benchBargeIn(count),
  },
  media: {
    goal: '50 calls × 60 s: 0 frames lost, 0 reordered, p99 ≤ 50 ms from the carrier to heard; at 200 calls a frame costs ≤ 3.0 times a socket that is only read, ≤ 3.5 with continuous agent audio',
    option: 'calls',
    count: 50,
    full: 50,
    notes: [
      'Bare workerd, real sockets, one object per call, the speech detector on every frame; the costs are with four times as many calls, each way twice in turns, CPU of the workerd process. With agent audio: a whole conversation whose providers are scripts, and a carrier that gives marks back.',
    ],
    run: async count => (await import('./voice/media.ts')).benchMedia(count),
  },
  events: {
    goal: '500 sockets, killed at random: 0 gaps; p95 ≤ 100 ms from a fact to a client that is connected',
    option: 'calls',
    count: 200,
    full: 200,
    notes: [
      'Bare workerd with the shipping log and the shipping sockets; the clients run in one process beside it. Half of them follow everything, half two names. Calls tell 25 facts a second. Ten sockets a second are cut without a word; every other time the client goes on behind what it had acknowledged, else behind what it had handled. Halfway the process of the Worker is killed with -9, and all come back at once. p50Ms and p95Ms: from the moment at which the log is told a fact until the client has its event, of those that happened while the client was connected and had caught up; what is replayed after a break is in no percentile. gapAfterReconnect: events of a client’s topics that never came; outOfOrder: clients with another order than the log’s; repeated: events that came twice after a break.',
    ],
    run: async count => (await import('./events/events.ts')).benchEvents(count),
  },
  clearance: {
    goal: 'a verdict with 1,000,000 listed numbers ≤ 50 µs in workerd; memory that the object takes for them ≤ 64 MiB',
    option: 'samples',
    count: 1_000_000,
    notes: [
      'The shipping clearance book under the rules us-consumer, asked in bulk within one object: CPU of workerd per verdict, median of eight windows of 5,000. Half of the numbers asked about are on the list. objectMiB: growth of a new process on the filled disk over all windows.',
    ],
    run: async count => (await import('./clearance/clearance.ts')).benchClearance(count),
  },
  log: {
    goal: '1,000,000 calls of one workspace in one month: the log’s object ≤ 1 GiB; the month in files is still listed, searched and told',
    option: 'calls',
    count: 1_000_000,
    full: 1_000_000,
    notes: [
      'The shipping log in workerd with the R2 of miniflare, both in memory where the system has a file system for that. Each four calls are a round as the demo wrote it (`bench/log/round.json`: 136 facts of calls, round, desk, campaign and room), with ids, people and times drawn anew, over 28 days.',
      'objectBytes: the most that the object had while the month ran; archivedBytes: its files then. The figures that begin with “old” are of the same month after all of it went to files, and so are listP95Ms and detailP95Ms: pages of 50 from anywhere in the month, half of them with a filter, and calls with their timelines, each by one request. unarchivedBytesPerCall: what a call takes as long as nothing of it has gone.',
    ],
    run: async count => (await import('./log/log.ts')).benchLog(count),
  },
  governor: {
    goal: 'abandonment ≤ 3 % in every 30 days; ≥ 22.5 conversations an agent and hour from 5 agents on where 10 in 100 answer; never below dialing alone',
    option: null,
    count: 0,
    notes: [
      'Virtual time, two months of eight hours a day, one seed for each large floor and up to eight for a small one. People answer after 3 to 26 s, 35 in 100 lines reach a machine, the rest rings out after 30 s; a talk takes 90 s (exponential) and 15 s of wrap-up, and whoever is free longest gets the person. A line that is not needed any more rings for 15 s at least. `abandonPct`: the worst 30 days in a row of the whole grid, of people who answered. `conversationsPerAgentHour`: the least of the cells with 5 agents or more where 10 in 100 answer. `soloConversations`: the most of the same cells when each agent dials one line alone. `againstSolo`: the least of governed ÷ solo.',
      'Each cell of the grid: agents × answer rate: worst 30 days, conversations of an agent’s hour, and solo.',
    ],
    run: async () => (await import('./governor/governor.ts')).benchGovernor(),
  },
  queue: {
    goal: '500 callers and 100 agents in virtual time, under every strategy: nobody offered twice, an offer ≤ 300 ms after an agent is free (p95), order exactly as the strategy says (fairness 1)',
    option: 'calls',
    count: 500,
    full: 500,
    notes: [
      'Virtual time: each message between queue and desk takes 5 to 80 ms, so an offer is two of them. The callers come within ten minutes; a tenth gives up, a twentieth of the offers is declined, 2 % of the conversations lose the line of the agent. Fairness: the share of offers that a second, short description of the strategy agrees with.',
    ],
    run: async count => (await import('./queue.ts')).benchQueue(count),
  },
  flow: {
    goal: 'a step of a flow (webhook → commit → document) costs ≤ 2.0 times the reference of `race`, which is measured in the same run',
    option: 'calls',
    count: 1_000,
    full: 1_000,
    notes: [
      'All calls are in the loop of one menu and key 20 times each; every answer must be the menu again. What the step owes to others (the log) is held back, as for the reply of `race`. CPU is that of workerd alone, medians over 19 windows, each with the reference just before it.',
    ],
    run: async count => (await import('./flow/flow.ts')).benchFlow(count),
  },
  registrar: {
    goal: '1,000 hibernating phones in one registrar, 200 calls: INVITE → 180 relayed p99 ≤ 150 ms, 0 lost',
    option: 'calls',
    count: 200,
    full: 200,
    notes: [
      'Bare workerd; the phones are in one process beside it, each with a socket of its own. Fifty register at a time (challenge, proof, answer). Before the first call nothing is said for 13 s, so the object is put to sleep (slept: it was made again for the first call); firstAfterSleepMs is that call. Then ten calls at a time, each from the INVITE to the answer of BYE, with descriptions as long as those of a browser. bytesPerPhone: growth of the process with a thousand registered phones, after the sleep. floodInviteP99Ms: 50 calls that begin when another socket has just sent 10,000 REGISTERs at once.',
    ],
    run: async count => (await import('./registrar/registrar.ts')).benchRegistrar(count),
  },
  mask: {
    goal: '10,000 calls at masks on 500 numbers: 0 leaks, 0 wrong parties; the reply costs ≤ 2.0 times the reference of `race`, which is measured in the same run',
    option: 'calls',
    count: 2_000,
    full: 10_000,
    notes: [
      'Four pairs behind each number; both parties call in turn, every twentieth call is a stranger’s. A leak: a document with another number than the mask’s and that of whoever is rung. From the webhook of the incoming call to the document that rings somebody; the mask, the route of the number and the rules of dialing are three objects beside the call. What is owed to others afterwards is done meanwhile. CPU is that of workerd alone.',
    ],
    run: async count => (await import('./mask/mask.ts')).benchMask(count),
  },
  import: {
    goal: '100,000 rows ≤ 10 s in workerd from the first byte to the last contact in the book, memory flat in rows, 0 wrong verdicts on the cases',
    option: 'rows',
    count: 100_000,
    full: 100_000,
    notes: [
      'Bare workerd; the list comes as a stream over HTTP. Two rows in a hundred are refused, one in 97 is there twice, one in 41 is corrected. `seconds` has the reading, the verdicts, both questions to the book and the saving. `peakMiB` is the memory of the whole process, sampled every 20 ms, with a heap of 32 MiB, so that garbage which nobody has collected yet is no part of it; `tenthPeakMiB` the same for a tenth of the rows, in a process of its own, and `idleMiB` before the list came. `wrong`: rows of the list with another verdict than they were made for, and cases from practice (`bench/import/cases.ts`) with another number, extension or verdict.',
    ],
    run: async count => (await import('./import/import.ts')).benchImport(count),
  },
  transfer: {
    goal: '1,000 random transfers over the phone network under faults: none dropped by us, silence ≤ 600 ms (p95), no leg of a caller left 1 s after they are gone',
    option: 'calls',
    count: 1_000,
    full: 1_000,
    notes: [
      'Ten agents without browsers, eight callers at a time. Transfers go to colleagues (an eighth declines, a twentieth lets it ring), to the queue and to numbers (two fifths answer, the rest is busy, declines or cannot be reached). Half of those to colleagues and numbers are attended: the agent asks first, and swaps, merges, completes or cancels by dice; some colleagues leave again. Some transfers are taken back, some lines are lost. Of the requests to the carrier 10 % fail, are lost or slow; callbacks double, come late or not at all. Silence: a stretch in which a caller hears neither music, words, ringing nor anybody who is not on hold, by the log of the network. Dropped: a call that ended though nobody outside and no agent ended it. Stuck: still on the line a minute after the last transfer, with nobody whose screen shows them.',
    ],
    run: async count => (await import('./transfer/transfer.ts')).benchTransfer(count),
  },
  billing: {
    goal: 'a transfer of the ledger costs ≤ 2.0 times one row in one object, measured in the same run',
    option: 'calls',
    count: 16_000,
    full: 16_000,
    notes: [
      'CPU of workerd per HTTP request → Worker → one object, 16 at once, in turns: a transfer (what is on record read, decided, a row with two legs and two balances written) and a row. Afterwards the ledger must add up. transfersPerSecond: of one object, with the client on the same machine.',
    ],
    run: async count => (await import('./billing/billing.ts')).benchBilling(count),
  },
  webhooks: {
    goal: '200 endpoints of one workspace and 20,000 deliveries: p95 ≤ 150 ms from the fact to the request, also for the neighbours of a dead and of a slow endpoint; 0 lost, 0 out of order per call, none twice without a lost answer',
    option: 'events',
    count: 20_000,
    full: 20_000,
    notes: [
      '`events`: deliveries that are wanted. Each fact of a call is wanted by all 200 endpoints, so each of the carrier’s callbacks, 2.5 in a second, makes 200 requests at once; the figures are of the last of them as well as of the first. Bare workerd, a plain server of Node as the consumer, both and the bench on the same machine. The time is from the fact’s own `timestamp` to the end of the request at the consumer; in it are 5 ms for which the log gathers facts.',
      'For the last two fifths one endpoint cuts every connection and one answers after a second; `slowNeighbourP95Ms` is of the 198 others meanwhile, `p50Ms` and `p95Ms` are of the time before, without those two. Then both are well again, and what is missing after 45 s is lost, at these two as well. `verified`: messages that the package `standardwebhooks` has checked. `cpuMicrosPerDelivery`: of workerd, with all that the calls themselves cost. `waitedForCpu`: the part of its time in which workerd wanted a core and other processes had it; the times are good for little where it is not near 0. Order and loss under kill -9 are tested in `test/api/webhooks-kills.test.ts`.',
    ],
    run: async count => (await import('./webhooks/webhooks.ts')).benchWebhooks(count),
  },
  'itty-durable': {
    goal: 'native RPC with one row costs less than itty-durable with its own persistence',
    option: 'calls',
    count: 8_000,
    notes: [
      'CPU of workerd per HTTP request → Worker → one of 100 objects → one durable write, in turns in one process.',
    ],
    run: async count => (await import('./itty/itty.ts')).benchItty(count),
  },
}

/** Those with a page are of the browser's program (tsconfig.dialer.json): loaded by name, not by type. */
async function browserBench(name: string, count: number): Promise<object> {
  const file = new URL(`./dialer/${name}.ts`, import.meta.url).href
  const { bench } = (await import(file)) as { bench: (count: number) => Promise<object> }
  return bench(count)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batches: { type: 'string' },
    rounds: { type: 'string' },
    samples: { type: 'string' },
    calls: { type: 'string' },
    frames: { type: 'string' },
    turns: { type: 'string' },
    interruptions: { type: 'string' },
    events: { type: 'string' },
    rows: { type: 'string' },
    data: { type: 'string' },
    split: { type: 'string', default: 'test' },
  },
})
const name = positionals[0] ?? ''
const bench = BENCHES[name]
if (!bench) {
  console.error(`which figure? ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
const count = Number((bench.option && values[bench.option]) ?? bench.count)
if (!Number.isInteger(count) || count < 0) {
  console.error(`--${bench.option} is a whole number`)
  process.exit(2)
}
const figure = (await bench.run(count, { data: values.data, split: values.split })) as Values
const options = bench.option === null ? '' : ` --${bench.option} ${count}`
const { goal, notes } = bench
// Figures from the user's own data, and from a run smaller than the bench's full size, are printed only.
if (values.data === undefined && count >= (bench.full ?? 0)) {
  recordFigure('PERFORMANCE', name, {
    goal,
    notes,
    seed: null,
    values: figure,
    reproduce: `npm run bench -- ${name}${options}`,
  })
}
console.log(JSON.stringify({ bench: name, ...figure }))
process.exit(0)
