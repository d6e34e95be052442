import { expect, test } from 'vitest';
import { hostNameOf, wrongHostName } from '../../../../src/alert/channels/email/host-name.ts';

test.each(['keysweep.example.com', 'a.b', 'pod-7.x.example', '[192.0.2.1]', '[IPv6:2001:db8::1]'])(
  'takes %s as the name for EHLO',
  (name) => expect(wrongHostName(name)).toBeUndefined(),
);

test.each(['', 'pod', 'a..b', '-a.example', 'a.example.', 'a b.example', 'a.example\r\nMAIL'])(
  'refuses %j',
  (name) => {
    expect(wrongHostName(name)).toMatch(/full host name/);
  },
);

test('takes the domain of the sender, and none that has no dot', () => {
  expect(hostNameOf('keysweep@shop.example')).toBe('shop.example');
  expect(hostNameOf('keysweep@localhost')).toBeUndefined();
});
