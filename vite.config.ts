/**
 * Builds the agent's browser app (`src/dialer`) into `dist/dialer`, which the Worker serves as static assets.
 * `npm run dev` proxies the API and the carrier's webhooks to the local Worker (`TRUNKLINE_WORKER`).
 */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const worker = process.env.TRUNKLINE_WORKER ?? 'http://127.0.0.1:5050'

export default defineConfig({
  root: 'src/dialer',
  publicDir: '../../public',
  plugins: [react()],
  build: {
    outDir: '../../dist/dialer',
    emptyOutDir: true,
    target: 'es2022',
    // an inlined font or sound would need `data:` in the Content-Security-Policy
    assetsInlineLimit: 0,
    // two pages: the app, and the reference of the API, which is large and loads nothing of the app
    rolldownOptions: { input: ['src/dialer/index.html', 'src/dialer/docs.html'] },
    // the viewer of the API's reference, which comes as one file
    chunkSizeWarningLimit: 1_600,
    // the polyfill is an inline script, which the Content-Security-Policy forbids; every browser with the needed WebRTC has modulepreload
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    port: 5051,
    // the root is src/dialer, but fonts come from node_modules and types from src/wire
    fs: { allow: ['../..'] },
    proxy: {
      '/api': { target: worker, ws: true },
      '/twilio': { target: worker, ws: true },
    },
  },
  preview: { host: '127.0.0.1' },
})
