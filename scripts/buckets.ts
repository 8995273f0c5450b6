/** The buckets of R2 that wrangler.toml names for one environment. */

export interface Bucket {
  name: string
  /** null: wherever R2 puts it */
  jurisdiction: string | null
}

export function bucketsOf(toml: string, environment: string): Bucket[] {
  const tables = toml.split(/^(?=\[)/m).filter(part => part.startsWith(`[[env.${environment}.r2_buckets]]`))
  const read = (table: string, key: string) => new RegExp(`^${key} = "([a-z0-9-]+)"`, 'm').exec(table)?.[1] ?? null
  return tables.flatMap(table => {
    const name = read(table, 'bucket_name')
    return name === null ? [] : [{ name, jurisdiction: read(table, 'jurisdiction') }]
  })
}
