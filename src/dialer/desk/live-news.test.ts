import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Answer } from './link.ts'
import { type Changed, LiveNews, Paced } from './live-news.ts'

let looks: boolean[]
let answers: ((answer: Answer) => void)[]
let news: LiveNews
beforeEach(() => {
  looks = []
  answers = []
  news = new LiveNews(on => {
    looks.push(on)
    return new Promise(resolve => answers.push(resolve))
  })
})
afterEach(() => {
  vi.useRealTimers()
})

const answered = async (answer: Answer = { ok: true }) => {
  answers.at(-1)?.(answer)
  await Promise.resolve()
  await Promise.resolve()
}
const heard = () => {
  const all: Changed[] = []
  return { all, close: news.open(of => void all.push(of)) }
}

test('the desk is told that a page looks while one is open, the tab in front and the link open', async () => {
  news.linkChanged(true)
  news.frontChanged(true)
  expect(looks).toEqual([])
  const page = heard()
  const other = heard()
  expect(looks).toEqual([true])
  page.close()
  expect(looks).toEqual([true])
  news.frontChanged(false)
  expect(looks).toEqual([true, false])
  news.frontChanged(true)
  other.close()
  expect(looks).toEqual([true, false, true, false])
})

test('a page reads everything once when the desk knows that it looks, and then what has changed', async () => {
  news.frontChanged(true)
  news.linkChanged(true)
  const page = heard()
  expect(news.get().told).toBe(false)
  await answered()
  expect(news.get().told).toBe(true)
  news.heard('q1')
  expect(page.all).toEqual([null, 'q1'])
})

test('a lost link leaves the page to ask by itself, and a new one is told again that it looks', async () => {
  news.frontChanged(true)
  news.linkChanged(true)
  const page = heard()
  await answered()
  news.linkChanged(false)
  expect(news.get().told).toBe(false)
  expect(looks).toEqual([true])
  news.linkChanged(true)
  expect(looks).toEqual([true, true])
  await answered()
  expect(page.all).toEqual([null, null])
})

test('a desk that does not know the word leaves the page asking', async () => {
  news.frontChanged(true)
  news.linkChanged(true)
  const page = heard()
  await answered({ ok: false, reason: 'malformed', message: '' })
  expect(news.get().told).toBe(false)
  expect(page.all).toEqual([])
})

test('an answer to an earlier look counts for nothing', async () => {
  news.frontChanged(true)
  news.linkChanged(true)
  heard()
  news.frontChanged(false)
  answers[0]?.({ ok: true })
  await Promise.resolve()
  await Promise.resolve()
  expect(news.get().told).toBe(false)
})

test('many changes are one reading at once and one after the gap', () => {
  vi.useFakeTimers()
  const runs: string[][] = []
  const paced = new Paced<string>(wanted => void runs.push([...wanted]), 300)
  paced.want(['a'])
  paced.want(['b'])
  paced.want(['a', 'b'])
  expect(runs).toEqual([['a']])
  vi.advanceTimersByTime(299)
  expect(runs).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(runs).toEqual([['a'], ['b', 'a']])
  vi.advanceTimersByTime(1000)
  expect(runs).toHaveLength(2)
  paced.want(['c'])
  paced.want(['d'])
  paced.stop()
  vi.advanceTimersByTime(1000)
  expect(runs).toEqual([['a'], ['b', 'a'], ['c']])
})
