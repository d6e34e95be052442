import { describe, expect, test } from 'vitest';
import { readSmtpUrl } from '../../../../../src/alert/channels/email/smtp/read-smtp-url.ts';
import { tlsTerms } from '../../../../../src/alert/channels/email/smtp/tls-terms.ts';

const requiredTo = (url: string, address: string | undefined) =>
  tlsTerms(readSmtpUrl(url), address).required;

describe('TLS is required', () => {
  test.each([
    '10.0.0.1',
    '8.8.8.8',
    '128.0.0.1',
    '126.255.255.255',
    '::2',
    '::ffff:10.0.0.1',
    'fe80::1',
    'localhost',
    undefined,
  ])('to %s', (address) => expect(requiredTo('smtp://h.example', address)).toBe(true));

  test.each(['127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1'])('not to %s', (address) =>
    expect(requiredTo('smtp://h.example', address)).toBe(false),
  );

  test('to this machine too if the URL says so', () => {
    expect(requiredTo('smtp://localhost?starttls=required', '127.0.0.1')).toBe(true);
    expect(requiredTo('smtps://localhost', '127.0.0.1')).toBe(true);
  });

  test('not if the URL says it is optional, unless there is a password', () => {
    expect(requiredTo('smtp://h.example?starttls=optional', '8.8.8.8')).toBe(false);
    expect(requiredTo('smtp://u:p@h.example?starttls=optional', '8.8.8.8')).toBe(true);
    expect(requiredTo('smtp://u:p@h.example?starttls=optional', '127.0.0.1')).toBe(false);
  });
});

describe('the URL of a mail server', () => {
  test('has the usual ports', () => {
    expect(readSmtpUrl('smtp://h.example')).toMatchObject({ port: 587, secure: false });
    expect(readSmtpUrl('smtps://h.example')).toMatchObject({ port: 465, secure: true });
    expect(readSmtpUrl('smtp://h.example:80')).toMatchObject({ port: 80 });
    expect(readSmtpUrl('smtps://h.example:443/')).toMatchObject({ port: 443 });
  });

  test('gives user and password unescaped', () => {
    expect(readSmtpUrl('smtp://o%40x:p%25%3A%2F@h').credentials).toEqual({
      user: 'o@x',
      pass: 'p%:/',
    });
    expect(readSmtpUrl('smtp://h').credentials).toBeUndefined();
  });

  test.each([
    ['smtp://H.Example', 'h.example'],
    ['smtp://[::1]:25', '::1'],
    ['smtp://0x7f.1', '127.0.0.1'],
    ['smtp://%6cocalhost', 'localhost'],
  ])('%s leads to %s', (url, host) => expect(readSmtpUrl(url).host).toBe(host));
});
