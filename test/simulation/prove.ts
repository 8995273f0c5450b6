/**
 * The long proof: `npm run prove -- --schedules 1000000 --seed 1`. Every reachable state of the race under every policy,
 * seeded schedules of the whole machinery, a share of them on the shipping actors too, and the planted bugs (`--part differential`: the share alone), and requirements whose
 * behaviour is deleted (`--requirements`: these alone), and flows (`--part flows`: these alone), queues, transfers and consultations (`--part switchboard`), money (`--part billing`), and masks (`--part mask`). One JSON line last; the figures go to docs/RELIABILITY.md.
 */
import { parseArgs } from 'node:util'
import { recordFigure } from '../../scripts/figures.ts'
import { exploreAll, LARGE, TINY } from '../exhaustive/explore.ts'
import { BYPASSES, exploreAttempts, exploreClearance } from '../exhaustive/explore-clearance.ts'
import { exploreFlows } from '../exhaustive/explore-flow.ts'
import { fuzzFlows } from '../exhaustive/flow-fuzz.ts'
import { catchPlantedFlows } from '../exhaustive/flow-planted.ts'
import { proveRequirements } from '../mutations/requirements.ts'
import { FAULT_KINDS } from './faults.ts'
import { missedByFloors, proveFloors, writeFloors } from './floor/prove.ts'
import { plantAll } from './plant.ts'
import { PLANTED } from './planted.ts'
import { type PoolResult, runPool } from './pool.ts'
import { missedByBilling, proveBilling, writeBilling } from './prove-billing.ts'
import { missedByMask, proveMask, writeMask } from './prove-mask.ts'
import { missedBy, proveSwitchboard, writeSwitchboard } from './prove-switchboard.ts'

/** Random histories of the ledger. */
const HISTORIES = 1_000_000
/** Random flows of the proof. */
const FLOWS_FUZZED = 20_000
/** This share of the schedules runs on the shipping actors as well. */
const SHIPPING_SHARE = 0.02

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    'planted-schedules': { type: 'string', default: '100000' },
    'no-page': { type: 'boolean', default: false },
    part: { type: 'string', default: 'all' },
    requirements: { type: 'boolean', default: false },
  },
})
const [schedules, seed] = [countOf('schedules', values.schedules), countOf('seed', values.seed)]
const plantedSchedules = countOf('planted-schedules', values['planted-schedules'])
const started = performance.now()

if (values.requirements) {
  const proof = await proveRequirements()
  if (!values['no-page']) writeRequirements(proof)
  console.log(JSON.stringify(proof))
  process.exit(proof.requirementsCaught < proof.requirementsMutated ? 1 : 0)
}

if (values.part === 'differential') {
  const done = await compare()
  if (!values['no-page']) writeDifferential(done)
  console.log(JSON.stringify({ differential: done.schedules, differences: done.violations, seed }))
  process.exit(done.violations > 0 ? 1 : 0)
}

if (values.part === 'flows') {
  const found = await proveFlows()
  if (!values['no-page']) writeFlows(found, `npm run prove -- --part flows --seed ${seed}`)
  console.log(JSON.stringify({ ...found, seed }))
  process.exit(found.flowViolations + found.flowPlanted - found.flowCaught > 0 ? 1 : 0)
}

if (values.part === 'billing') {
  const proof = proveBilling(HISTORIES, seed)
  if (!values['no-page']) writeBilling(proof, 'npm run prove -- --part billing', seed)
  console.log(JSON.stringify({ ...proof, seed }))
  process.exit(missedByBilling(proof) > 0 ? 1 : 0)
}

if (values.part === 'mask') {
  const proof = proveMask()
  if (!values['no-page']) writeMask(proof, 'npm run prove -- --part mask')
  console.log(JSON.stringify(proof))
  process.exit(missedByMask(proof) > 0 ? 1 : 0)
}

if (values.part === 'switchboard') {
  const proof = proveSwitchboard()
  const floors = await proveFloors(seed)
  const reproduce = 'npm run prove -- --part switchboard'
  if (!values['no-page']) {
    writeSwitchboard(proof, reproduce)
    writeFloors(floors, reproduce, seed)
  }
  console.log(JSON.stringify({ ...proof, ...floors, seed }))
  process.exit(missedBy(proof) + missedByFloors(floors) > 0 ? 1 : 0)
}

const explored = await exploreAll([...LARGE, ...TINY])
console.log(
  `exhaustive: ${explored.worlds.length} worlds, ${explored.states} states, ${explored.transitions} transitions, ${secondsSince(started)} s`,
)
for (const law of explored.broken) console.log(law)

const simulated = await runPool({ seed, schedules })
const perSecond = Math.round(simulated.schedules / simulated.seconds)
console.log(
  `simulation: ${simulated.schedules} schedules, ${perSecond}/s, ${simulated.violations} violations, ${Math.round(simulated.seconds)} s`,
)
for (const { seed: broken, law } of simulated.broken) console.log(`seed ${broken}: ${law}`)

// The goal is about the two proofs; the rest is timed and reported apart.
const seconds = secondsSince(started)

const compared = await compare()

const plantedStarted = performance.now()
const caught = await plantAll(PLANTED, plantedSchedules, seed, one =>
  console.log(
    `${one.law === null ? 'NOT CAUGHT' : `caught after ${one.after}`.padEnd(20)} ${one.by.padEnd(10)} ${one.name}`,
  ),
)

const clearance = proveClearance()
console.log(`clearance: ${clearance.clearanceWorlds} worlds, ${clearance.clearanceViolations} violations`)

const flows = await proveFlows()
console.log(`flows: ${flows.flowStates} states, ${flows.flowsFuzzed} random flows, ${flows.flowViolations} violations`)

const billing = proveBilling(HISTORIES, seed)
const mask = proveMask()
const switchboard = proveSwitchboard()
const floors = await proveFloors(seed)
const requirements = await proveRequirements()

const violations = simulated.violations + explored.broken.length + clearance.clearanceViolations + flows.flowViolations
const result = {
  schedules: simulated.schedules,
  meanEvents: simulated.meanEvents,
  faultKinds: Object.keys(simulated.hits).length,
  violations,
  exhaustiveStates: explored.states,
  exhaustiveTransitions: explored.transitions,
  planted: caught.length,
  caught: caught.filter(one => one.law !== null).length,
  ...clearance,
  ...flows,
  ...billing,
  ...mask,
  ...switchboard,
  ...floors,
  ...requirements,
  differential: compared.schedules,
  differences: compared.violations,
  seconds,
  differentialSeconds: Math.round(compared.seconds),
  plantedSeconds: secondsSince(plantedStarted),
  seed,
}
if (!values['no-page']) writePage()
console.log(JSON.stringify(result))
const missed =
  result.planted -
  result.caught +
  (clearance.clearancePlanted - clearance.clearanceCaught) +
  (flows.flowPlanted - flows.flowCaught) +
  missedByBilling(billing) +
  missedByMask(mask) +
  missedBy(switchboard) +
  missedByFloors(floors) +
  (requirements.requirementsMutated - requirements.requirementsCaught)
process.exitCode = violations + result.differences + missed > 0 ? 1 : 0

function proveClearance() {
  const worlds = [exploreClearance(), exploreAttempts()]
  for (const { violations: broken } of worlds) for (const law of broken) console.log(law)
  const bypasses = Object.entries(BYPASSES).map(([name, gate]) => {
    const found = exploreClearance(gate, 2).violations.length > 0
    if (!found) console.log(`NOT CAUGHT: ${name}`)
    return found
  })
  return {
    clearanceWorlds: worlds.reduce((sum, one) => sum + one.worlds, 0),
    clearanceViolations: worlds.reduce((sum, one) => sum + one.violations.length, 0),
    clearancePlanted: bypasses.length,
    clearanceCaught: bypasses.filter(found => found).length,
  }
}

/** Small flows in every order of what a carrier and the outside may say, random flows with a crash after every commit, planted bugs. */
async function proveFlows() {
  const { broken, states, transitions } = exploreFlows(true)
  const fuzzed = fuzzFlows(FLOWS_FUZZED, seed)
  for (const law of [...broken, ...fuzzed.broken]) console.log(law)
  const bugs = await catchPlantedFlows(one => {
    if (one.law === null) console.log(`NOT CAUGHT: ${one.name}`)
  })
  return {
    flowStates: states,
    flowTransitions: transitions,
    flowsFuzzed: fuzzed.flows,
    flowViolations: broken.length + fuzzed.broken.length,
    flowPlanted: bugs.length,
    flowCaught: bugs.filter(one => one.law !== null).length,
  }
}

function secondsSince(then: number): number {
  return Math.round((performance.now() - then) / 1_000)
}

function countOf(name: string, text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 0) return count
  console.error(`--${name} must be a whole number, not "${text}".`)
  process.exit(2)
}

function writePage(): void {
  const reproduce = `npm run prove -- --schedules ${schedules} --seed ${seed}`
  recordFigure('RELIABILITY', 'exhaustive', {
    goal: 'every reachable state of the race, every law after every step, every input delivered twice: nothing broken',
    reproduce,
    seed: null,
    values: {
      'worlds (legs × seats × policy)': explored.worlds.length,
      states: explored.states,
      transitions: explored.transitions,
      'broken laws': explored.broken.length,
    },
    notes: [
      'States are counted up to the permutation of legs and seats; the clock strikes only when the race asked for it.',
    ],
  })
  recordFigure('RELIABILITY', 'simulation', {
    goal: '1,000,000 seeded schedules of the shipping machines under faults in ≤ 5 min on 2 cores: 0 violations',
    reproduce,
    seed,
    values: {
      schedules: simulated.schedules,
      'events per schedule, mean': simulated.meanEvents,
      'rounds and calls': `${simulated.batches} and ${simulated.legs}`,
      'schedules per second': perSecond,
      'seconds, with the exhaustive part': seconds,
      'kinds of fault that struck': `${result.faultKinds} of ${FAULT_KINDS.length}`,
      'faults in all': Object.values(simulated.hits).reduce((sum, times) => sum + times, 0),
      violations: simulated.violations,
    },
    notes: [`Fault kinds: ${FAULT_KINDS.join(', ')}.`],
  })
  recordFigure('RELIABILITY', 'clearance', {
    goal: 'every way to place a call under every set of broken rules: none passes a rule that holds for it; every planted bypass caught',
    reproduce,
    seed: null,
    values: {
      'worlds (ways × sets of broken rules, and histories of attempts)': clearance.clearanceWorlds,
      violations: clearance.clearanceViolations,
      'planted bypasses': clearance.clearancePlanted,
      caught: clearance.clearanceCaught,
    },
  })
  writeFlows(flows, reproduce)
  writeBilling(billing, reproduce, seed)
  writeMask(mask, reproduce)
  writeSwitchboard(switchboard, reproduce)
  writeFloors(floors, reproduce, seed)
  writeRequirements(requirements)
  writeDifferential(compared)
  recordFigure('RELIABILITY', 'planted', {
    goal: 'at least 15 bugs planted in the shipping machines and at least 3 in the shipping shell, each caught within 100,000 schedules',
    reproduce,
    seed,
    values: {
      planted: result.planted,
      caught: result.caught,
      ...Object.fromEntries(
        caught.map(({ name, by, after, law }) => [
          name,
          law === null ? `not caught in ${after}` : by === 'exhaustive' ? 'exhaustive laws' : `schedule ${after}`,
        ]),
      ),
    },
  })
}

function writeFlows(flows: Awaited<ReturnType<typeof proveFlows>>, reproduce: string): void {
  recordFigure('RELIABILITY', 'flows', {
    goal: 'small flows in every order of keys, answers, ends and lost objects, and random flows with a crash after every commit: nothing broken, every planted bug caught',
    reproduce,
    seed,
    values: {
      states: flows.flowStates,
      transitions: flows.flowTransitions,
      'random flows': flows.flowsFuzzed,
      violations: flows.flowViolations,
      planted: flows.flowPlanted,
      caught: flows.flowCaught,
    },
  })
}

function writeRequirements(proof: Awaited<ReturnType<typeof proveRequirements>>): void {
  recordFigure('RELIABILITY', 'requirements', {
    goal: 'the behaviour of a sample of requirements is deleted, one at a time: the tests that name the requirement fail',
    reproduce: 'npm run prove -- --requirements',
    seed: null,
    values: { mutated: proof.requirementsMutated, caught: proof.requirementsCaught },
  })
}

function writeDifferential(done: PoolResult): void {
  recordFigure('RELIABILITY', 'differential', {
    goal: 'at least 2 % of the schedules run on the shipping actors (classes, shell, performers, SQL) over a store in memory: the same facts as the doubles for the same seed, 0 differences',
    reproduce: `npm run prove -- --schedules ${schedules} --seed ${seed} --part differential`,
    seed,
    values: {
      schedules: done.schedules,
      differences: done.violations,
      seconds: Math.round(done.seconds),
    },
    notes: [
      'Campaign, batch, call, desk and room are compared. The trunk is the same model in both worlds; the book and the log answer at once, and nobody speaks.',
    ],
  })
}

/** The share of the schedules that runs on the shipping actors too. */
async function compare(): Promise<PoolResult> {
  const done = await runPool({ seed, schedules: Math.ceil(schedules * SHIPPING_SHARE), mode: 'differential' })
  console.log(
    `differential: ${done.schedules} schedules on the shipping shell, ${done.violations} differences, ${Math.round(done.seconds)} s`,
  )
  for (const { seed: broken, law } of done.broken) console.log(`seed ${broken}: ${law}`)
  return done
}
