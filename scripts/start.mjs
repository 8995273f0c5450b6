import { run } from './install.mjs'

run('scripts/start.ts', process.argv.slice(2))
