import { expect, test } from 'vitest'
import { refusalOfUrl } from './public-address.ts'

test.each([
  ['no TLS', 'http://example.com/hooks'],
  ['another protocol', 'ftp://example.com/'],
  ['no address', 'example.com'],
  ['a user', 'https://user:pass@example.com/'],
  ['a user who looks like a name', 'https://example.com@10.0.0.1/'],
  ['a port of something else', 'https://example.com:22/'],
  ['a private address', 'https://10.0.0.1/'],
  ['a private address with a dot behind it', 'https://10.0.0.1./'],
  ['a public address, which says nothing of whom it belongs to', 'https://93.184.215.14/'],
  ['one number', 'https://2130706433/'],
  ['octal', 'https://0177.0.0.1/'],
  ['hexadecimal', 'https://0x7f.0.0.1/'],
  ['hexadecimal as one number', 'https://0x7f000001/'],
  ['two parts', 'https://127.1/'],
  ['full stops of another script', 'https://127\u30020\u30020\u30021/'],
  ['digits in circles', 'https://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/'],
  ['percent signs', 'https://%31%30.0.0.1/'],
  ['IPv6 of this machine', 'https://[::1]/'],
  ['IPv4 in IPv6', 'https://[::ffff:10.0.0.1]/'],
  ['IPv4 in IPv6, in hexadecimal', 'https://[::ffff:7f00:1]/'],
  ['a private IPv6 network', 'https://[fd00::1]/'],
  ['metadata of a cloud, by number', 'https://169.254.169.254/latest/meta-data/'],
  ['metadata of a cloud, by name', 'https://metadata.google.internal/'],
  ['this machine', 'https://localhost/'],
  ['this machine, with a dot', 'https://localhost./'],
  ['this machine, in capitals', 'https://LOCALHOST.LocalDomain/'],
  ['a name without a domain', 'https://intranet/'],
  ['a name of the company', 'https://billing.corp/'],
  ['a name of a cluster', 'https://kubernetes.default.svc.cluster.local/'],
  ['a name whose answer it says itself', 'https://10-0-0-1.sslip.io/'],
  ['such a name with a dot', 'https://127.0.0.1.nip.io./'],
  ['a name that changes its answer', 'https://7f000001.0a000001.rbndr.us/'],
  ['empty labels', 'https://example..com/'],
  ['a name that is too long', `https://${'a.'.repeat(130)}com/`],
])('%s is not called', (_, url) => {
  expect(refusalOfUrl(url)).toMatch(/./)
  // A local run reaches its own machine by http and two names, and nothing else more than that.
  expect(refusalOfUrl(url, true)).toMatch(/./)
})

test.each([
  'https://example.com/hooks?a=1',
  'https://hooks.example.co.uk:8443/',
  'https://EXAMPLE.com./',
  'https://b\u00fccher.example/',
])('%s is called', url => {
  expect(refusalOfUrl(url)).toBeNull()
})

test('a local run calls its own machine, and only in a local run', () => {
  for (const url of ['http://127.0.0.1:8080/', 'http://localhost:3000/hooks']) {
    expect(refusalOfUrl(url, true)).toBeNull()
    expect(refusalOfUrl(url)).toMatch(/./)
  }
  for (const url of ['http://127.0.0.2/', 'http://10.0.0.1/', 'http://example.com/'])
    expect(refusalOfUrl(url, true)).toMatch(/./)
})
