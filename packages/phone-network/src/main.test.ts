import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'

/** The command line, started as a program. */

let child: ChildProcess | null = null
afterEach(async () => {
  if (child === null || child.exitCode !== null) return
  const over = new Promise(resolve => child?.once('exit', resolve))
  child.kill('SIGTERM')
  await over
})

function start(...args: string[]): Promise<string> {
  const ports = ['--port', '0', '--tls-port', '0', '--speech-port', '0', '--crm-port', '0', '--sip-port', '0']
  const started = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), '--quiet', ...ports, ...args])
  child = started
  return new Promise((resolve, reject) => {
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
      const url = /phone network: (\S+)/.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    }
    started.stdout.on('data', take)
    started.stderr.on('data', take)
    started.once('exit', code => reject(new Error(`ended with ${code}: ${output}`)))
  })
}

test.each([
  ['an empty --status-url is none', '', null],
  ['a --status-url is told', 'http://127.0.0.1:9/status', 'http://127.0.0.1:9/status'],
])('%s [C14]', async (_, given, known) => {
  const url = await start('--status-url', given)
  const world = (await (await fetch(`${url}/_/world`)).json()) as { numbers: { statusCallback: string | null }[] }
  expect(world.numbers).toEqual([expect.objectContaining({ statusCallback: known })])
})
