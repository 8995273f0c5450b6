/** `npm run reset`: forgets the local workspace. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { WORK } from './local/build.ts'

rmSync(path.join(WORK, 'state'), { recursive: true, force: true })
console.log('The local workspace is empty again.')
