// How loud the remote side of a peer connection is, for the pages of both SIP libraries.

let audio
const nodes = new Map()

/** The root mean square (0…1) of the last 4,096 samples of the remote sound; 0: there is none. */
export function loudness(connection) {
  const track = connection?.getReceivers().find(one => one.track?.kind === 'audio')?.track
  if (!track) return 0
  audio ??= new AudioContext()
  if (!nodes.has(track)) {
    const stream = new MediaStream([track])
    // A remote stream that nobody plays has no samples in Chromium.
    const player = new Audio()
    player.srcObject = stream
    player.muted = true
    void player.play()
    const node = audio.createAnalyser()
    node.fftSize = 4096
    audio.createMediaStreamSource(stream).connect(node)
    nodes.set(track, { node, player })
  }
  const { node } = nodes.get(track)
  const wave = new Float32Array(node.fftSize)
  node.getFloatTimeDomainData(wave)
  return Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length)
}
