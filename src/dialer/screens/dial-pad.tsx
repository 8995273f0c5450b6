export function DialPad() {
  return <h1>DialPad</h1>
}
