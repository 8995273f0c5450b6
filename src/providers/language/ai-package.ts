/** What we use of the `ai` package: a bundler leaves the rest out only when the names stand in an export like this. */
export { jsonSchema, streamText, tool } from 'ai'
