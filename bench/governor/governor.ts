/** The governor over a grid of floors: how many conversations it makes of an agent's hour, and whether abandonment stays under the limit in each stretch of 30 days. */
import { govern } from '../../src/core/pacing/governor.ts'
import { Random } from '../../test/simulation/random.ts'
import { DAYS, type FloorFigure, runFloor } from './floor.ts'

const AGENTS = [1, 2, 5, 10, 20, 50]
const RATES = [0.05, 0.1, 0.2, 0.3]
/** Large floors have more events, and less chance in them. */
const SEEDS = (agents: number) => Math.max(1, Math.ceil(8 / agents))

export interface GovernorFigure {
  agents: string
  answerRate: string
  abandonPct: number
  conversationsPerAgentHour: number
  soloConversations: number
  againstSolo: number
  grid: string
}

export function benchGovernor(): GovernorFigure {
  const cells = AGENTS.flatMap(agents => RATES.map(rate => cell(agents, rate)))
  const ofTeams = cells.filter(({ agents, rate }) => agents >= 5 && rate === 0.1)
  return {
    ...{ agents: AGENTS.join(' '), answerRate: RATES.join(' ') },
    abandonPct: round(Math.max(...cells.map(one => one.abandonPct))),
    conversationsPerAgentHour: round(Math.min(...ofTeams.map(one => one.perAgentHour))),
    soloConversations: round(Math.max(...ofTeams.map(one => one.solo))),
    againstSolo: round(Math.min(...cells.map(one => one.perAgentHour / one.solo))),
    grid: cells.map(shown).join(' · '),
  }
}

function shown({ agents, rate, abandonPct, perAgentHour, solo }: Cell): string {
  return `${agents} × ${rate * 100} %: ${abandonPct.toFixed(2)} %, ${perAgentHour.toFixed(1)}, ${solo.toFixed(1)}`
}

interface Cell {
  agents: number
  rate: number
  seeds: number
  /** the worst 30 days of the worst seed */
  abandonPct: number
  /** means over the seeds */
  perAgentHour: number
  solo: number
}

function cell(agents: number, rate: number): Cell {
  const seeds = Array.from({ length: SEEDS(agents) }, (_, index) => index + 1)
  const run = (pace: Parameters<typeof runFloor>[0]['pace']) =>
    seeds.map(seed => runFloor({ agents, answerRate: rate, days: 2 * DAYS, random: new Random(seed), pace }))
  const governed = run(govern)
  // Each agent dials alone, one line at a time.
  const solo = run(({ idle }) => ({ lines: idle, expected: 0 }))
  const mean = (runs: FloorFigure[]) => runs.reduce((sum, one) => sum + one.perAgentHour, 0) / runs.length
  const abandonPct = Math.max(...governed.map(one => one.worstMonthPct))
  return { agents, rate, seeds: seeds.length, abandonPct, perAgentHour: mean(governed), solo: mean(solo) }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
