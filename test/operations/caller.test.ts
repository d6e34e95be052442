import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { actorOf, localCaller } from '../../src/operations/caller.ts';

const token = { name: 'ops', role: 'operator', from: '10.0.0.7' } as const;

test('over the network, the actor is the credential, whatever name the request gives', () => {
  expect(actorOf(token, 'ann')).toEqual({ by: 'ops', asserted: 'ann' });
  expect(actorOf(token, null)).toEqual({ by: 'ops', asserted: null });
  expect(actorOf(token, 'ops')).toEqual({ by: 'ops', asserted: null });
});

test('the user of this machine is whoever the command names', () => {
  expect(actorOf(localCaller(), 'ann')).toEqual({ by: 'ann', asserted: null });
  expect(actorOf(localCaller(), null)).toEqual({ by: userInfo().username, asserted: null });
});
