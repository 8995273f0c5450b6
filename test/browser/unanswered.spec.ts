/**
 * Somebody calls the number of Bo, who declines in a real browser: the caller stays, waits in the queue that the number names, and Ada
 * takes them. The carrier is the phone network; nothing in between is replaced.
 */
import { expect, test } from '@playwright/test'
import { OUR_NUMBERS } from '../../scripts/local/demo.ts'
import { hears, press } from './agent.ts'
import { twoDesks } from './two-desks.ts'

const [, NUMBER = ''] = OUR_NUMBERS
const CALLER = '+14155559611'

const floor = twoDesks(7050, undefined, () => floor.ringsBoThenAda(NUMBER))

test('Bo declines, the caller hears the queue on the same call, and Ada takes them and hears them [S4-4]', async () => {
  test.setTimeout(90_000)
  const acts = Array(60)
    .fill([{ pauseMs: 1_000 }, { say: 'Hello there.' }])
    .flat()
  floor.stage.network.control.dial(CALLER, NUMBER, { kind: 'human', acts })
  await expect(floor.bo.page.getByRole('dialog')).toBeVisible({ timeout: 20_000 })
  await press(floor.bo.page, 'd')
  await expect(floor.bo.page.getByRole('dialog')).toBeHidden()
  const dialog = floor.ada.page.getByRole('dialog', { name: 'Queue call' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  // Who is taken at once is not told their place.
  const said = () => JSON.stringify(floor.stage.network.control.log().filter(entry => entry.kind === 'network-said'))
  await expect.poll(said, { timeout: 15_000 }).toContain('You are next.')
  await press(floor.ada.page, 'a')
  await expect(dialog).toBeHidden({ timeout: 10_000 })
  await hears(floor.ada.page)
  const calls = floor.stage.network.control.world().calls.filter(one => one.from === CALLER && one.to === NUMBER)
  expect(calls).toMatchObject([{ status: 'in-progress' }])
  expect(said()).not.toContain('leave a message')
})
