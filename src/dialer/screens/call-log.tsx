export function CallLog() {
  return <h1>CallLog</h1>
}
