/** The exports of the `ai` package that we use. Named in an export like this, they let a bundler leave out the rest. */
export { jsonSchema, streamText, tool } from 'ai'
