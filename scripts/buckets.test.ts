import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bucketsOf } from './buckets.ts'

test('the buckets of an environment are read, and those of others are not', () => {
  const toml = `name = "x"
[[r2_buckets]]
binding = "ARCHIVE"
bucket_name = "local-one"

[[env.production.r2_buckets]]
binding = "ARCHIVE"
bucket_name = "first" # with a remark
[[env.production.r2_buckets]]
binding = "OTHER"
bucket_name = "second"
jurisdiction = "eu"
[env.production.triggers]
bucket_name = "none"
`
  expect(bucketsOf(toml, 'production')).toEqual([
    { name: 'first', jurisdiction: null },
    { name: 'second', jurisdiction: 'eu' },
  ])
  expect(bucketsOf(toml, 'staging')).toEqual([])
})

test('what is deployed has a bucket for the archive', () => {
  const toml = readFileSync(path.join(import.meta.dirname, '..', 'wrangler.toml'), 'utf8')
  expect(bucketsOf(toml, 'production')).toEqual([{ name: 'trunkline-archive', jurisdiction: null }])
})
