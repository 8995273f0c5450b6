export function VoiceWorkspace() {
  return <h1>VoiceWorkspace</h1>
}
