/** The values that wrangler, the local build and the test pool give to these imports. */
declare module '*.wasm' {
  const module: WebAssembly.Module
  export default module
}
declare module '*.bin' {
  const bytes: ArrayBuffer
  export default bytes
}
