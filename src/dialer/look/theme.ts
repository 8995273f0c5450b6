/** Mantine's settings. Its variables stand in `mantine-variables.css` (see there why). */
import { createTheme, type MantineColorsTuple } from '@mantine/core'
import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Button.css'
import '@mantine/core/styles/ActionIcon.css'
import '@mantine/core/styles/Input.css'
import '@mantine/core/styles/PasswordInput.css'
import '@mantine/core/styles/Loader.css'
import '@mantine/core/styles/Kbd.css'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/FloatingIndicator.css'
import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/Switch.css'
import '@mantine/core/styles/SegmentedControl.css'
import '@mantine/core/styles/CloseButton.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Tooltip.css'
import './mantine-variables.css'
import './tokens.css'
import './base.css'

/** The shades are never read (the variables are), but the theme wants ten per colour. */
const tuple = (colour: string): MantineColorsTuple => [
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
]

export const theme = createTheme({
  primaryColor: 'petrol',
  colors: { petrol: tuple('#0B5C6B'), danger: tuple('#A32A10') },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: {
        withArrow: false,
        multiline: true,
        maw: 260,
        openDelay: 200,
        // beside its button, not at the end of the body: there it would stand outside of every landmark
        withinPortal: false,
        floatingStrategy: 'fixed',
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
})
