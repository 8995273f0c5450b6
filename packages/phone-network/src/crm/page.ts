/** A page that shows the contacts and the tasks of the org. */
import type { CrmView } from './knobs.ts'

export function orgPage({ contacts, tasks }: CrmView): string {
  const people = contacts.map(one =>
    row([one.Id, `${one.FirstName ?? ''} ${one.LastName ?? ''}`, one.MobilePhone ?? one.Phone, one.Description]),
  )
  const filed = tasks.map(one =>
    row([one.Id, one.Subject, one.Status, one.WhoId, one.CallDurationInSeconds, one.Description]),
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>The CRM of the phone network</title>
<style>body{font:15px/1.5 system-ui;margin:2rem;max-width:75rem}td,th{padding:.3rem .8rem;text-align:left;vertical-align:top}
td{border-top:1px solid #ddd;white-space:pre-wrap}</style>
<h1>The CRM of the phone network</h1>
<h2>Tasks</h2>${table(['Id', 'Subject', 'Status', 'WhoId', 'Seconds', 'Description'], filed, 'No call was filed yet.')}
<h2>Contacts</h2>${table(['Id', 'Name', 'Number', 'Description'], people, 'Nobody.')}</html>`
}

function table(heads: string[], rows: string[], empty: string): string {
  if (rows.length === 0) return `<p>${empty}</p>`
  return `<table><tr>${heads.map(head => `<th>${head}</th>`).join('')}</tr>${rows.join('')}</table>`
}

function row(cells: unknown[]): string {
  return `<tr>${cells.map(cell => `<td>${escaped(String(cell ?? ''))}</td>`).join('')}</tr>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
}
