// @ts-check
/** The developer's microphone and headphones on a pretend phone. */

export class Microphone {
  /**
   * @param {string} callSid
   * @param {(reason: string) => void} onLost
   * @returns {Promise<Microphone>} rejects when there is no microphone, or no permission for it
   */
  static async open(callSid, onLost) {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true },
    })
    const context = new AudioContext({ latencyHint: 'interactive' })
    try {
      await context.audioWorklet.addModule('/page/sound-worklet.js')
      return new Microphone(callSid, stream, context, onLost)
    } catch (error) {
      for (const track of stream.getTracks()) track.stop()
      await context.close()
      throw error
    }
  }

  /** @param {string} callSid @param {MediaStream} stream @param {AudioContext} context @param {(reason: string) => void} onLost */
  constructor(callSid, stream, context, onLost) {
    this.callSid = callSid
    this.stream = stream
    this.context = context
    this.socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/_/mic/${callSid}`)
    this.socket.binaryType = 'arraybuffer'
    const mouth = new AudioWorkletNode(context, 'mouth', { numberOfOutputs: 1 })
    const ear = new AudioWorkletNode(context, 'ear', { numberOfInputs: 0, outputChannelCount: [1] })
    context.createMediaStreamSource(stream).connect(mouth).connect(context.destination)
    ear.connect(context.destination)
    mouth.port.onmessage = ({ data }) => {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data)
    }
    this.socket.onmessage = ({ data }) => ear.port.postMessage(data, [data])
    this.socket.onclose = () => onLost('The microphone has lost its connection to the phone network.')
  }

  close() {
    this.socket.onclose = null
    this.socket.close()
    for (const track of this.stream.getTracks()) track.stop()
    void this.context.close()
  }
}
