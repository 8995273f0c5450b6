export function CallDetailScreen() {
  return <h1>CallDetailScreen</h1>
}
