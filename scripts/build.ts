/** What `wrangler deploy` uploads, in dist: wrangler.toml names this as its build command. */
import path from 'node:path'
import { buildDialer, buildWorker, ROOT } from './local/build.ts'

await Promise.all([buildWorker(path.join(ROOT, 'dist/worker')), buildDialer()])
