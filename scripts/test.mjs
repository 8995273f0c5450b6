import { run } from './install.mjs'

run('scripts/test.ts', process.argv.slice(2))
