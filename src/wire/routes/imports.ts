/** Rows of imports: a file comes in as it is, every row of it is judged, and what can be taken is saved. */
import { listOf } from '../api.ts'
import {
  fillsCampaign,
  fixedRow,
  importSettings,
  newImport,
  rowNumber,
  rowsAsked,
  shownImport,
  shownRow,
} from '../import.ts'
import { done, importPages } from './pages.ts'
import type { Rows } from './row.ts'

const READS = { role: 'supervisor', scope: 'contacts:read' } as const
const WRITES = { role: 'supervisor', scope: 'contacts:write' } as const

export const importRoutes = {
  'GET /api/imports': {
    who: READS,
    summary: 'Imports of the workspace, the newest first.',
    query: importPages.query,
    gives: 'json',
    answer: listOf(shownImport),
  },
  'POST /api/imports': {
    who: WRITES,
    summary: 'Begins an import. Its file comes by a request of its own.',
    body: newImport,
    gives: 'json',
    status: 201,
    creates: true,
    answer: shownImport,
  },
  'GET /api/imports/:importId': {
    who: READS,
    summary: 'How far an import is, and what was said of its rows.',
    gives: 'json',
    answer: shownImport,
  },
  'DELETE /api/imports/:importId': {
    who: WRITES,
    summary: 'Forgets the list. Whoever was imported stays.',
    gives: 'json',
    answer: done,
  },
  'PUT /api/imports/:importId/file': {
    who: WRITES,
    summary:
      'The list itself: CSV with any usual separator and encoding, or XLSX; 100,000 rows and 64 MiB at most. It is read while it comes, and ' +
      'every row gets its verdict. Nothing is saved yet, unless the import was begun with `upTo: import`.',
    upload: 'application/octet-stream',
    gives: 'json',
    answer: shownImport,
  },
  'PUT /api/imports/:importId/settings': {
    who: WRITES,
    summary: 'Says what the columns are and how numbers are read. All rows are judged anew.',
    body: importSettings,
    gives: 'json',
    answer: shownImport,
  },
  'GET /api/imports/:importId/rows': {
    who: READS,
    summary: 'Rows with their verdicts, in the order of the list.',
    query: rowsAsked,
    gives: 'json',
    answer: listOf(shownRow),
  },
  'PUT /api/imports/:importId/rows/:row': {
    who: WRITES,
    summary: 'Corrects a row that is not saved yet, and judges it anew.',
    params: rowNumber,
    body: fixedRow,
    gives: 'json',
    answer: shownRow,
  },
  'POST /api/imports/:importId/commit': {
    who: WRITES,
    summary: 'Saves whatever can be taken and is not saved yet. It goes on by itself.',
    gives: 'json',
    status: 202,
    answer: shownImport,
  },
  'POST /api/imports/:importId/campaigns': {
    who: { role: 'supervisor', scope: 'campaigns:write' },
    summary: 'Adds the people of a list that is imported to a campaign, those too who were in the book before.',
    body: fillsCampaign,
    gives: 'json',
    status: 202,
    answer: shownImport,
  },
  'POST /api/imports/:importId/undo': {
    who: WRITES,
    summary:
      'Takes back those whom this import has made and nobody has called, out of its campaigns as well. Whoever was in the book before stays, ' +
      'with what the import has changed.',
    gives: 'json',
    status: 202,
    answer: shownImport,
  },
  'GET /api/imports/:importId/errors.csv': {
    who: READS,
    summary: 'The rows that were not taken as they were written, with what is wrong, for a spreadsheet.',
    gives: 'bytes',
    mediaType: 'text/csv',
  },
} as const satisfies Rows
