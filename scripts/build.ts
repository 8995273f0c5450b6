/** Builds into dist the files that `wrangler deploy` uploads. wrangler.toml names this script as its build command. */
import path from 'node:path'
import { buildDialer, buildWorker, ROOT } from './local/build.ts'

await Promise.all([buildWorker(path.join(ROOT, 'dist/worker')), buildDialer()])
