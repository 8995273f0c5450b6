import { run } from './install.mjs'

run('scripts/check.ts', process.argv.slice(2))
