import { expect, test } from 'vitest';
import { findProxyIn } from '../../src/proxy/find-proxy.ts';
import { readProxies } from '../../src/proxy/read-proxies.ts';

const vendor = new URL('https://vendor.example/v1');
const plain = new URL('http://vendor.example/v1');

function nameFor(env: Record<string, string>, url: URL) {
  const { proxies, mistakes } = readProxies(env);
  expect(mistakes).toEqual([]);
  return findProxyIn(proxies)(url)?.name;
}

test('takes a proxy for each scheme', () => {
  const env = { HTTPS_PROXY: 'http://a.example:1', HTTP_PROXY: 'http://b.example:2' };
  expect(nameFor(env, vendor)).toBe('a.example:1');
  expect(nameFor(env, plain)).toBe('b.example:2');
  expect(nameFor({ HTTPS_PROXY: 'http://a.example:1' }, plain)).toBeUndefined();
});

test('lower case takes precedence, an empty variable counts as unset, ALL_PROXY comes last', () => {
  const both = { https_proxy: 'http://low.example:1', HTTPS_PROXY: 'http://up.example:1' };
  expect(nameFor(both, vendor)).toBe('low.example:1');
  expect(nameFor({ ...both, https_proxy: '' }, vendor)).toBe('up.example:1');
  const all = { ALL_PROXY: 'http://all.example:1' };
  expect(nameFor(all, vendor)).toBe('all.example:1');
  expect(nameFor({ ...all, ...both }, vendor)).toBe('low.example:1');
  expect(nameFor({ ...all, no_proxy: '.example' }, vendor)).toBeUndefined();
});

test('a proxy without scheme or port has the usual ones', () => {
  expect(nameFor({ HTTPS_PROXY: 'proxy.example:3128' }, vendor)).toBe('proxy.example:3128');
  expect(nameFor({ HTTPS_PROXY: 'proxy.example' }, vendor)).toBe('proxy.example:80');
  expect(nameFor({ HTTPS_PROXY: 'https://proxy.example' }, vendor)).toBe('proxy.example:443');
  expect(nameFor({ HTTPS_PROXY: 'http://[fd00::1]:3128/' }, vendor)).toBe('[fd00::1]:3128');
});

test('decodes the user and the password, and keeps them out of the name', () => {
  const env = { HTTPS_PROXY: 'http://u%40x:p%3A%2F%25%23@proxy.example:3128' };
  const proxy = findProxyIn(readProxies(env).proxies)(vendor);
  const login = Buffer.from('u@x:p:/%#').toString('base64');
  expect(proxy).toMatchObject({ name: 'proxy.example:3128', authorization: `Basic ${login}` });
});

test.each([
  ['socks5://proxy.example:1080', /SOCKS/],
  ['ftp://proxy.example', /must be a URL such as/],
  ['http://', /must be a URL such as/],
  ['http://u:s3cret/x@proxy.example:1', /%2F/],
  ['http://u:s3cret#x@proxy.example:1', /%23/],
  ['http://u:s3cret%x@proxy.example:1', /%25/],
  ['http://proxy.example:99999', /must be a URL such as/],
  ['http://proxy.example:3128/path', /must end after the port/],
])('refuses %s with the mend, and does not repeat it', (text, words) => {
  const { mistakes } = readProxies({ HTTPS_PROXY: text });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(words);
  expect(mistakes[0]).toMatch(/^HTTPS_PROXY /);
  expect(mistakes[0]).not.toMatch(/s3cret/);
});

test('does not check ALL_PROXY where it is not used', () => {
  const used = { HTTPS_PROXY: 'http://a.example:1', HTTP_PROXY: 'http://a.example:1' };
  expect(readProxies({ ...used, ALL_PROXY: 'socks5://x' }).mistakes).toEqual([]);
  expect(readProxies({ ALL_PROXY: 'socks5://x' }).mistakes).toHaveLength(1);
});
