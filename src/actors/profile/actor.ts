/**
 * The voice profile of one agent: a document without race, debt or alarm, where the last write wins. That is what itty-durable
 * keeps (decision 034); everything that races is an actor with a machine. Its answers are requests and not typed RPC, so it is
 * reached through `readProfile` (`src/actors/profile/profile-of.ts`).
 */
import { createDurable } from 'itty-durable/itty-durable.js'
import { DEFAULT_PROFILE, type VoiceProfile } from '../../core/desk/voice-profile.ts'

export class ProfileActor extends createDurable() {
  profile: VoiceProfile = DEFAULT_PROFILE

  /** The bindings stay out: itty-durable would hang each of them onto the object's state, and this object asks nobody. */
  constructor(ctx: DurableObjectState) {
    super(ctx)
  }

  read(): VoiceProfile {
    return this.profile
  }

  /** `text`: the whole profile as JSON. The answer is given after the document is stored. */
  async write(text: string): Promise<VoiceProfile> {
    this.profile = JSON.parse(text) as VoiceProfile
    await this.persist()
    return this.profile
  }
}
