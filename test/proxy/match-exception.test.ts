import { expect, test } from 'vitest';
import { matchException } from '../../src/proxy/match-exception.ts';

const excepted = [
  ['vendor.example', 'vendor.example', 443],
  ['vendor.example', 'api.vendor.example', 443],
  ['.vendor.example', 'api.vendor.example', 443],
  ['.vendor.example', 'vendor.example', 443],
  ['*.vendor.example', 'api.vendor.example', 443],
  ['VENDOR.example', 'vendor.example', 443],
  ['a.example, vendor.example', 'vendor.example', 443],
  ['a.example vendor.example', 'vendor.example', 443],
  ['vendor.example.', 'vendor.example', 443],
  ['vendor.example', 'vendor.example.', 443],
  ['vendor.example:8443', 'vendor.example', 8443],
  ['*', 'vendor.example', 443],
  ['a.example,*', 'vendor.example', 443],
  ['10.0.0.0/8', '10.255.255.255', 443],
  ['10.1.2.3', '10.1.2.3', 443],
  ['10.1.2.3:8080', '10.1.2.3', 8080],
  ['fd00::/8', 'fdff::1', 443],
  ['fd00::1', 'fd00::1', 443],
  ['fd00:0::1', 'fd00::1', 443],
  ['[fd00::1]:8080', 'fd00::1', 8080],
  ['', 'localhost', 443],
  ['', '127.0.0.1', 443],
  ['', '127.255.255.254', 443],
  ['', '::1', 443],
  ['', 'a.localhost', 443],
] as const;

test.each(excepted)('NO_PROXY “%s” excepts %s, port %i', (text, host, port) => {
  expect(matchException(text)(host, port)).toBe(true);
});

const proxied = [
  ['', 'vendor.example', 443],
  [' , ,', 'vendor.example', 443],
  ['vendor.example', 'othervendor.example', 443],
  ['vendor.example', 'vendor.example.net', 443],
  ['.vendor.example', 'xvendor.example', 443],
  ['vendor.example:8443', 'vendor.example', 443],
  ['10.0.0.0/8', '11.0.0.0', 443],
  ['10.0.0.0/8', '10.example', 443],
  ['10.0.0.0/33', '10.0.0.1', 443],
  ['10.1.2.3', '10.1.2.30', 443],
  ['fd00::/8', 'fe00::1', 443],
  ['fd00::1', 'fd00::2', 443],
  ['.', 'vendor.example', 443],
  ['', '128.0.0.1', 443],
  ['', 'localhost.example', 443],
] as const;

test.each(proxied)('NO_PROXY “%s” does not except %s, port %i', (text, host, port) => {
  expect(matchException(text)(host, port)).toBe(false);
});
