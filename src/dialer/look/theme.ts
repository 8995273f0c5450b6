/** Mantine's settings. Its variables are in `mantine-variables.css`, which has the reason. */
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

/** The theme needs ten shades per colour, but only the variables are used. */
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
        // A tooltip at the end of the body would be outside of every landmark, so it stays beside its button.
        withinPortal: false,
        floatingStrategy: 'fixed',
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
})
