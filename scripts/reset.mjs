import { run } from './install.mjs'

run('scripts/reset.ts', process.argv.slice(2))
