/**
 * People who ask not to be called. The list of numbers is the trunk's; the book marks the contact, and both follow from one word. A
 * contact that is marked keeps the mark when its number changes, so every number that it has or gets is listed.
 */
import { DO_NOT_CALL, outcomeNamed } from '../../core/clearance/do-not-call-words.ts'
import { unreachable } from '../../core/machine.ts'
import { isE164 } from '../../wire/phone-number.ts'
import type { ContactEntry } from '../contracts.ts'
import type { Env } from '../env.ts'
import type { ContactAsk, NotedOutcome, OptOut } from '../people.ts'
import { stubFor } from '../stubs.ts'
import type { ContactBook } from './contact-book.ts'

export class OptOuts {
  readonly #env: Env
  readonly #workspaceId: string
  readonly #contacts: ContactBook

  constructor(env: Env, workspaceId: string, contacts: ContactBook) {
    this.#env = env
    this.#workspaceId = workspaceId
    this.#contacts = contacts
  }

  /**
   * Lists the number that was called, and those of the contact whom the call was for. Returns how many were not listed before.
   * The list comes first: if it does not answer, whoever asked is told and asks again.
   */
  async add(optOut: OptOut): Promise<number> {
    const { number, because, by = because, note = '' } = optOut
    const given = await this.#list([number], because, by, note)
    const contactId = optOut.contactId ?? (await this.#contactOf(optOut.callId ?? null))
    if (contactId !== null) {
      const others = this.#contacts.numbersOf(contactId).filter(one => one !== number)
      await this.#list(others, because, by, note)
      this.#contacts.markOptedOut(contactId)
    }
    this.#contacts.markNumber(number)
    return given
  }

  /** False: there is no such contact; the number that was called is listed all the same. */
  async note(outcome: NotedOutcome): Promise<boolean> {
    const { contactId, number, by } = outcome
    const result = outcomeNamed(outcome.result)
    if (result === DO_NOT_CALL || outcome.doNotCall) {
      const first = number ?? this.#contacts.numbersOf(contactId)[0]
      if (first !== undefined) await this.add({ number: first, because: 'outcome of a call', by, contactId })
    }
    return this.#contacts.note({ ...outcome, result })
  }

  /** Saves contacts. Returns those who had asked not to be called and whose new number was therefore listed. */
  async save(entries: ContactEntry[], importId: string | null = null): Promise<string[]> {
    const known = this.#contacts.existing(entries.map(one => one.contactId))
    const moved = entries.filter(
      one => known.has(one.contactId) && this.#contacts.isMarkedUnderOther(one.contactId, one.phone),
    )
    const because = 'new number of a contact that asked'
    await this.#list(
      moved.map(one => one.phone),
      because,
      because,
      '',
    )
    if (importId === null) this.#contacts.save(entries)
    else this.#contacts.saveImported(importId, entries)
    return moved.map(one => one.contactId)
  }

  async peopleOfList(ask: ContactAsk): Promise<(string | null)[]> {
    switch (ask.do) {
      case 'known':
        return ask.people.map(one => this.#contacts.known(one.contactId, one.number))
      case 'import':
        this.#contacts.rely(ask.importId, ask.relied)
        return this.save(ask.entries, ask.importId)
      case 'kept':
        return this.#contacts.keptFrom(ask.importId, ask.ids)
      case 'undo':
        return this.#contacts.removeImported(ask.importId, ask.ids)
      default:
        return unreachable(ask)
    }
  }

  async #list(numbers: string[], source: string, by: string, note: string): Promise<number> {
    const entries = numbers.filter(isE164).map(number => ({ number, campaignId: null, area: false, source, by, note }))
    return entries.length === 0 ? 0 : stubFor(this.#env, 'trunk', this.#workspaceId).addToList(entries)
  }

  /** The contact of the book whom this call was for; null: nobody's. */
  async #contactOf(callId: string | null): Promise<string | null> {
    if (callId === null) return null
    const { call } = await stubFor(this.#env, 'call', callId).read()
    return call.phase === 'empty' ? null : call.links.contactId
  }
}
