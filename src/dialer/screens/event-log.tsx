export function EventLog() {
  return <h1>EventLog</h1>
}
