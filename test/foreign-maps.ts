/** A plugin of vite for the suites that run in workerd. */
import type { Plugin } from 'vite'

/** Drops warnings about the source maps of dependencies, which nobody reads. */
export const withoutForeignMaps: Plugin = {
  name: 'without-foreign-maps',
  configResolved({ logger }) {
    const warnOnce = logger.warnOnce.bind(logger)
    logger.warnOnce = (text, options) => {
      if (!/^Sourcemap for ".*node_modules.*" points to (missing source files$|a source file outside)/.test(text))
        warnOnce(text, options)
    }
  },
}
