/**
 * Bugs planted on purpose into a copy of the flow's machine. The exploration of small flows must find each; one that does not proves
 * nothing. `catchPlantedFlows` is for the long proof too.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface PlantedFlow {
  name: string
  file: string
  find: string
  replace: string
}

const DECIDE = 'src/core/call/flow/decide.ts'
const WRITER = 'src/core/call/flow/writer.ts'
const EVOLVE = 'src/core/call/flow/evolve.ts'
const PART = 'src/core/call/flow/flow.ts'

export const PLANTED_FLOWS: readonly PlantedFlow[] = [
  {
    name: 'a token of an earlier page goes on with the page at hand',
    file: DECIDE,
    find: 'if (token === null || pageOfToken(token) !== flow.page) return',
    replace: 'if (token === null) return',
  },
  {
    name: 'a carrier that asks anew goes on',
    file: DECIDE,
    find: 'if (token === null || pageOfToken(token) !== flow.page) return',
    replace: 'if (token !== null && pageOfToken(token) !== flow.page) return',
  },
  {
    name: 'an answer to an ask that is over counts',
    file: DECIDE,
    find: 'if (!waits && !keys && depth < 0) return',
    replace: '',
  },
  {
    name: 'an effect comes before what the caller should hear first',
    file: DECIDE,
    find: 'verbOf(verb).afterSound === true ||',
    replace: '',
  },
  {
    name: 'a flow outlives its call',
    file: DECIDE,
    find: "if (call === null) return this.#end('call-over', null)",
    replace: 'if (call === null) return',
  },
  {
    name: 'the error branch is forgotten',
    file: DECIDE,
    find: "const to = stuck ? undefined : stepIn(option, 'error_target_id')",
    replace: 'const to = stuck ? undefined : stepIn(option, action.id)',
  },
  {
    name: 'a failed flow ends without a word',
    file: DECIDE,
    find: "if (sorry) return [say(flow.apology, { language: flow.language }), { kind: 'hang-up' }]",
    replace: '',
  },
  {
    name: 'a loop may turn for ever',
    file: DECIDE,
    find: 'if (flow.atOnce >= EXECUTED_AT_ONCE_MAX)',
    replace: 'if (flow.atOnce >= 10 * EXECUTED_AT_ONCE_MAX)',
  },
  {
    name: 'an effect is owed twice',
    file: DECIDE,
    find: 'this.#w.owe(action, outcome.option)\n',
    replace: 'this.#w.owe(action, outcome.option)\n        this.#w.owe(action, outcome.option)\n',
  },
  {
    name: 'the step of a page that was turned is skipped',
    file: DECIDE,
    find: 'if (this.#turnsPage(action, verb, frame.repeats && frame.at === 0)) return',
    replace:
      "if (this.#turnsPage(action, verb, frame.repeats && frame.at === 0)) return this.#w.endStep(action, 'done', { depth: flow.frames.length - 1, at: frame.at + 1 })",
  },
  {
    name: 'a redirect is forgotten',
    file: WRITER,
    find: 'const redirect = !this.#asking &&',
    replace: 'const redirect = this.#asking &&',
  },
  {
    name: 'a carrier whose reply is held back is redirected as well',
    file: WRITER,
    find: 'this.at >= flow.heldUntilMs &&',
    replace: '',
  },
  {
    name: 'a reply that was held back for an answer goes out without it',
    file: WRITER,
    find: 'inPlace ? last.follows : this.#follows',
    replace: 'this.#follows',
  },
  {
    name: 'a page that was heard gives its place to the next one',
    file: WRITER,
    find: 'this.at < flow.heldUntilMs && last?.idle === true',
    replace: 'last?.idle === true',
  },
  {
    name: 'the number of an ask is used again',
    file: EVOLVE,
    find: 'return { ...flow, asks: ask, waiting:',
    replace: 'return { ...flow, waiting:',
  },
  {
    name: 'a jump is not counted',
    file: EVOLVE,
    find: '{ ...frame.counts, [frame.at]: fact.count }',
    replace: 'frame.counts',
  },
  {
    name: 'the steps of a frame stay when it is left',
    file: EVOLVE,
    find: 'programs: flow.programs.slice(0, depth)',
    replace: 'programs: flow.programs',
  },
  {
    name: 'a queue is not told that its caller has left',
    file: PART,
    find: "return fact.by === 'flow' ? left(fact, flow) : []",
    replace: 'return []',
  },
  {
    name: 'a queue that answered too late is not told that nobody comes',
    file: PART,
    find: "['timed-out', 'left',",
    replace: "['left',",
  },
  {
    name: 'the outside is waited for without an end',
    file: PART,
    find: "return waiting === null || waiting.for === 'carrier' ? null : waiting.untilMs",
    replace: 'return null',
  },
  {
    name: 'the system’s variables are not stored',
    file: 'src/core/call/flow/growing.ts',
    find: "rows.set('system', flow.system)",
    replace: "rows.set('system', {})",
  },
]

/** What the machine and its exploration need of the tree. */
const PARTS = ['package.json', 'src/core', 'test/exhaustive', 'test/simulation/random.ts']
const TREE = path.join(import.meta.dirname, '../..')

export interface CaughtFlow {
  name: string
  /** the law that was broken; null: the bug was not found */
  law: string | null
}

/** Throws unless the text to replace stands there exactly once. */
export async function catchPlantedFlow({ name, file, find, replace }: PlantedFlow): Promise<CaughtFlow> {
  const root = await mkdtemp(path.join(tmpdir(), 'trunkline-planted-flow-'))
  try {
    for (const part of PARTS) {
      await mkdir(path.dirname(path.join(root, part)), { recursive: true })
      await cp(path.join(TREE, part), path.join(root, part), { recursive: true })
    }
    await symlink(path.join(TREE, 'node_modules'), path.join(root, 'node_modules'))
    const text = await readFile(path.join(root, file), 'utf8')
    const times = text.split(find).length - 1
    if (times !== 1) throw new Error(`"${name}": its place stands ${times} times in ${file}`)
    await writeFile(
      path.join(root, file),
      text.replace(find, () => replace),
    )
    const out = await explored(path.join(root, 'test/exhaustive/explore-flow.ts'))
    const { violations } = JSON.parse(out.at(-1) ?? '{}') as { violations?: number }
    return { name, law: violations === 0 ? null : (out[0] ?? 'the exploration failed') }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** The lines that it prints; a machine that breaks in another way has at least the words of its error. */
function explored(file: string): Promise<string[]> {
  return new Promise(resolve =>
    execFile(process.execPath, [file, '--until-broken'], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      const lines = stdout.trim().split('\n').filter(Boolean)
      resolve(lines.length > 0 ? lines : [error?.message ?? ''])
    }),
  )
}

/** All of them, two at a time; `caught` hears of each as it is done. */
export async function catchPlantedFlows(
  caught: (one: CaughtFlow) => void,
  bugs: readonly PlantedFlow[] = PLANTED_FLOWS,
): Promise<CaughtFlow[]> {
  const all: CaughtFlow[] = []
  let next = 0
  const run = async () => {
    for (let index = next++; index < bugs.length; index = next++) {
      const one = await catchPlantedFlow(bugs[index] as PlantedFlow)
      all[index] = one
      caught(one)
    }
  }
  await Promise.all([run(), run()])
  return all
}
