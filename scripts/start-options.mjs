// The options of `npm start`. Plain JavaScript, because they are looked at before anything is installed.

const KNOWN = [
  {
    form: '--cps=N',
    takes: /^--cps=(\d+(\.\d+)?)$/,
    does: 'the carrier starts N calls a second (4); 1 is a new Twilio account',
  },
  { form: '--watch', takes: /^--watch$/, does: 'rebuilds when a file changes; npm run dev has it' },
]

/** What is wrong with them, in words for the terminal; null: nothing. `env`: where npm puts options that stand before its `--`. */
export function wrongOptions(given, env = {}) {
  const wrong = given.find(one => !KNOWN.some(({ takes }) => takes.test(one)) || /^--cps=0+(\.0+)?$/.test(one))
  const kept = ['cps', 'watch'].find(name => env[`npm_config_${name}`] !== undefined)
  if (wrong === undefined && kept === undefined) return null
  const first =
    wrong === undefined
      ? `npm kept the option --${kept} for itself. Put -- before it: npm start -- --${kept}`
      : `npm start does not know the option ${wrong}.`
  const lines = KNOWN.map(({ form, does }) => `  ${form.padEnd(9)} ${does}`)
  return [first, 'It knows, after npm start --:', ...lines].join('\n')
}
