import { run } from './install.mjs'
import { wrongOptions } from './start-options.mjs'

const given = process.argv.slice(2)
const wrong = wrongOptions(given, process.env)
if (wrong !== null) {
  console.error(wrong)
  process.exit(2)
}
run('scripts/start.ts', given)
