/** The local stack with a key for a program, and ways to run what a document shows. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../scripts/local/build.ts'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { SCOPES } from '../../src/wire/scope.ts'

export interface ApiStage extends Stage {
  key: string
}

export async function setApiStage(port: number): Promise<ApiStage> {
  const stage = await setStage({ state: null, port, networkPort: port + 20 })
  const cookie = await signIn(stage.url, 'root')
  const { key } = await call<{ key: string }>(stage.url, cookie, 'POST', '/api/keys', { name: 'Test', scopes: SCOPES })
  return { ...stage, key }
}

/** The blocks of one language in a document, each with the text that stands before it. */
export function examplesIn(file: string, language: string): { before: string; code: string }[] {
  const parts = readFileSync(path.join(ROOT, file), 'utf8').split(/^```/m)
  return parts.flatMap((part, index) =>
    index % 2 === 1 && part.startsWith(`${language}\n`)
      ? [{ before: parts[index - 1] ?? '', code: part.slice(language.length + 1) }]
      : [],
  )
}

export function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env } })
    const said = { output: '', errors: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      said.output += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      said.errors += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', code => resolve({ code, ...said }))
    child.stdin.end(options.input ?? '')
  })
}
