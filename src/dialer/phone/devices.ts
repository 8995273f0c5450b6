/** Reads the SDK's microphones and speakers as plain data, and keeps the choice in this browser. */
import type { AudioDevices } from './port.ts'
import type { Device } from './twilio-device.ts'

const INPUT_KEY = 'trunkline.input'
const OUTPUT_KEY = 'trunkline.output'

export function readDevices(device: Device): AudioDevices {
  const audio = device.audio
  if (audio === null)
    return { inputs: [], outputs: [], inputId: 'default', outputId: 'default', outputSelectable: false }
  const list = (map: Map<string, MediaDeviceInfo>, word: string) =>
    [...map.values()].map((info, index) => ({ id: info.deviceId, label: info.label || `${word} ${index + 1}` }))
  return {
    inputs: list(audio.availableInputDevices, 'Microphone'),
    outputs: list(audio.availableOutputDevices, 'Speaker'),
    inputId: audio.inputDevice?.deviceId ?? 'default',
    outputId: [...audio.speakerDevices.get()][0]?.deviceId ?? 'default',
    outputSelectable: audio.isOutputSelectionSupported,
  }
}

export async function chooseInput(device: Device, deviceId: string): Promise<void> {
  await device.audio?.setInputDevice(deviceId)
  localStorage.setItem(INPUT_KEY, deviceId)
}

export async function chooseOutput(device: Device, deviceId: string): Promise<void> {
  await device.audio?.speakerDevices.set(deviceId)
  localStorage.setItem(OUTPUT_KEY, deviceId)
}

/** Chooses the devices of the last time, if they are still there. */
export async function restoreDevices(device: Device): Promise<void> {
  const input = localStorage.getItem(INPUT_KEY)
  const output = localStorage.getItem(OUTPUT_KEY)
  if (input !== null && device.audio?.availableInputDevices.has(input)) await chooseInput(device, input)
  if (output !== null && device.audio?.availableOutputDevices.has(output)) await chooseOutput(device, output)
}
