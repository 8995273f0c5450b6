/** The carrier's id of a leg: letters and digits only, as every carrier's id; the Worker refuses another. */
export function providerIdOf(callId: string): string {
  return `CA${callId.replaceAll(/[^A-Za-z0-9]/g, 'x')}`
}
