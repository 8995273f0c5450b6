/// <reference types="node" />
/**
 * Finds a Chromium for browser tests, so that nothing has to be installed by hand: `CHROME_PATH`, then a browser of
 * the system, then the one that the npm package @sparticuz/chromium ships (unpacked once, 210 MB, into the temporary
 * folder; about 2 s).
 */
import { execFile } from 'node:child_process'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export interface FoundChromium {
  executablePath: string
  /** A fake microphone that beeps, no permission questions, sound without a click, no requests to the outside. */
  args: string[]
  env: Record<string, string>
}

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const VERSION_LIMIT_MS = 20_000

export const CHROMIUM_ARGS = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // In containers and as root there is no user namespace for the sandbox; only our own pages are loaded.
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
]

/**
 * @returns what `chromium.launch` of Playwright needs
 * @throws when no browser starts, with everything that was tried
 */
export async function findChromium(): Promise<FoundChromium> {
  const tried: string[] = []
  for (const candidate of [process.env.CHROME_PATH, ...(await systemBrowsers())]) {
    if (!candidate) continue
    if (await starts(candidate, {})) return found(candidate, {})
    tried.push(candidate)
  }
  const shipped = await unpackShipped()
  const environments: Record<string, string>[] = [{}, { LD_LIBRARY_PATH: join(shipped, 'al2023', 'lib') }]
  for (const env of environments) {
    const executablePath = join(shipped, 'chromium')
    if (await starts(executablePath, env))
      return found(executablePath, { FONTCONFIG_PATH: join(shipped, 'fonts'), ...env })
  }
  tried.push(join(shipped, 'chromium'))
  throw new Error(`no Chromium starts here; tried ${tried.join(', ')}. Set CHROME_PATH to one that does.`)
}

function found(executablePath: string, env: Record<string, string>): FoundChromium {
  return { executablePath, args: CHROMIUM_ARGS, env }
}

async function systemBrowsers(): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const paths = SYSTEM_NAMES.flatMap(name => folders.map(folder => join(folder, name)))
  const present = await Promise.all(
    paths.map(path =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  )
  return paths.filter((_, index) => present[index])
}

async function starts(executablePath: string, env: Record<string, string>): Promise<boolean> {
  try {
    await promisify(execFile)(executablePath, ['--version', '--no-sandbox'], {
      env: { ...process.env, ...env },
      timeout: VERSION_LIMIT_MS,
    })
    return true
  } catch {
    return false
  }
}

/**
 * The package unpacks into `os.tmpdir()` and takes any file there, even half a file of a run that was cut off, for the
 * finished browser. So it works in a folder of this process, which gets its final name only when it is complete.
 */
async function unpackShipped(): Promise<string> {
  const require = createRequire(import.meta.url)
  const shipped = await import('@sparticuz/chromium')
  const root = join(require.resolve('@sparticuz/chromium'), '..', '..')
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const folder = join(tmpdir(), `trunkline-chromium-${version}`)
  if (await exists(join(folder, 'chromium'))) return folder
  const partial = `${folder}.${process.pid}`
  await mkdir(partial, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = partial
  try {
    await shipped.default.executablePath()
    await shipped.inflate(join(root, 'bin', 'al2023.tar.br'))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  await writeFile(join(partial, 'fonts', 'fonts.conf'), fontsConfig(folder))
  // Someone else may have been faster: then theirs is as good.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }))
  return folder
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The package's own file names folders of a cloud machine. */
function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`
}
