/** The voice profile on the voice page: an agent's own, and everybody's for an administrator. */
import { Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiProblem, ask } from '../api.ts'
import { useDesk, useView } from '../desk/hooks.ts'
import { ProblemBox } from '../look/problem-box.tsx'

const getProfile = (userId: string) => ask('GET /api/voice-profile', { query: { userId } })
type Profile = Awaited<ReturnType<typeof getProfile>>

export function VoiceProfile() {
  const { agent } = useView()
  const [userId, setUserId] = useState(agent.userId)
  const profile = useQuery({ queryKey: ['voice-profile', userId], queryFn: () => getProfile(userId), staleTime: 0 })
  return (
    <section className="tl-panel tl-stack" aria-labelledby="profile-title">
      <h2 id="profile-title">Voice profile</h2>
      {agent.role === 'admin' ? <MemberPicker userId={userId} onChange={setUserId} /> : null}
      {profile.isError ? <ProblemBox title={profile.error.message} onRetry={() => void profile.refetch()} /> : null}
      {profile.data === undefined ? null : <ProfileForm key={JSON.stringify(profile.data)} profile={profile.data} />}
    </section>
  )
}

function MemberPicker({ userId, onChange }: { userId: string; onChange(userId: string): void }) {
  const members = useQuery({
    queryKey: ['members'],
    queryFn: () => ask('GET /api/members', { query: { limit: 200 } }),
  })
  return (
    <NativeSelect
      label="Profile of"
      value={userId}
      onChange={event => onChange(event.currentTarget.value)}
      data={(members.data?.items ?? []).map(one => ({ value: one.userId, label: one.name }))}
    />
  )
}

function ProfileForm({ profile }: { profile: Profile }) {
  const desk = useDesk()
  const { agent } = useView()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(profile)
  const change = (part: Partial<Profile>) => setDraft(known => ({ ...known, ...part }))
  const save = useMutation({
    mutationFn: () => ask('PUT /api/voice-profile', { query: { userId: profile.userId }, body: draft }),
    onSuccess: saved => {
      queries.setQueryData(['voice-profile', profile.userId], saved)
      desk.store.notify('info', 'The voice profile is saved. It counts from the next call on.')
      if (profile.userId === agent.userId) desk.phone.renewPass()
    },
  })
  const fixed = profile.userId === agent.userId ? (profile.fixed ?? []) : []
  const policy = (field: 'allowOutbound' | 'allowInbound' | 'recordCalls', words?: string) => {
    const own = fixed.includes(field)
    return { disabled: own, description: own ? 'Set by an administrator' : words, checked: draft[field] }
  }
  const problem = save.error instanceof ApiProblem ? save.error : null
  const callerIdProblem = problem?.fields.find(one => one.field === 'callerId')?.message
  function submit(event: FormEvent) {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className="tl-stack" onSubmit={submit}>
      <Switch
        label="May place calls"
        {...policy('allowOutbound')}
        onChange={event => change({ allowOutbound: event.currentTarget.checked })}
      />
      <Switch
        label="May take calls"
        {...policy('allowInbound', 'Off: the person’s number does not ring them')}
        onChange={event => change({ allowInbound: event.currentTarget.checked })}
      />
      <Switch
        label="Record all calls"
        {...policy('recordCalls')}
        onChange={event => change({ recordCalls: event.currentTarget.checked })}
      />
      <TextInput
        label="Caller ID of calls by hand"
        description="One of our numbers; empty: any of them"
        type="tel"
        maxLength={40}
        value={draft.callerId ?? ''}
        error={callerIdProblem}
        onChange={event => change({ callerId: event.currentTarget.value === '' ? null : event.currentTarget.value })}
      />
      <TextInput
        label="Alias"
        description={`Stands beside ${profile.identity}`}
        maxLength={80}
        value={draft.identityAlias}
        onChange={event => change({ identityAlias: event.currentTarget.value })}
      />
      {problem === null || callerIdProblem !== undefined ? null : <p role="alert">{problem.message}</p>}
      <div>
        <Button type="submit" variant="default" loading={save.isPending}>
          Save the profile
        </Button>
      </div>
    </form>
  )
}
