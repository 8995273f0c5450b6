/**
 * The page `/docs`: every route of the API, from the document of the same server. It is a page of its own, so that nothing of
 * it is loaded with the dialer.
 */
import 'swagger-ui-dist/swagger-ui.css'
import './reference.css'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'

const DARK = window.matchMedia('(prefers-color-scheme: dark)')

/** The viewer has a class for its dark colours, our tokens the attribute of the app. */
function follow(): void {
  const { classList, dataset } = document.documentElement
  classList.toggle('dark-mode', DARK.matches)
  dataset.mantineColorScheme = DARK.matches ? 'dark' : 'light'
}
DARK.addEventListener('change', follow)
follow()

SwaggerUI({
  dom_id: '#reference',
  url: '/api/openapi.json',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  tryItOutEnabled: false,
  // Its colours of code can be read on one ground only.
  syntaxHighlight: { activated: false },
  // Both would ask another host.
  validatorUrl: null,
  queryConfigEnabled: false,
})
