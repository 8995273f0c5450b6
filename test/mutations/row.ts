/** One behaviour that is deleted, and the test that must notice. */
export interface Mutation {
  /** stands in the title of the test */
  id: string
  file: string
  /** occurs once in the file */
  find: string
  replace: string
  test: string
  /** the beginning of the title */
  title: string
}

export type Row = [id: string, file: string, find: string, replace: string, title: string]

export function of(test: string, rows: Row[]): Mutation[] {
  return rows.map(([id, file, find, replace, title]) => ({ id, file, find, replace, test, title }))
}
