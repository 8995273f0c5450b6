/** The part of the viewer that this page uses; its package has no types. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    dom_id: string
    url: string
    deepLinking: boolean
    docExpansion: 'none' | 'list' | 'full'
    filter: boolean
    tryItOutEnabled: boolean
    syntaxHighlight: { activated: boolean }
    validatorUrl: null
    queryConfigEnabled: boolean
  }
  export default function SwaggerUI(options: Options): void
}
