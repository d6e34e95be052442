import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { actorOf, identify, isSignedIn, localCaller } from '../../src/operations/caller.ts';
import { anonymousName, ownTokenName } from '../../src/options/roles.ts';

const somewhere = { name: 'ops', role: 'operator', from: '10.0.0.7' } as const;
const token = { ...somewhere, proof: { known: 'token' } } as const;
const proof = { known: 'oidc', subject: 's-1', mail: 'bob@x.example', login: 'bob' } as const;
const bob = { ...somewhere, name: 'bob (s-1)', proof };
const nobody = { subject: null, mail: null };

test('over the network, the actor is the credential, whatever name the request gives', () => {
  const by = { by: 'ops', known: 'token', ...nobody };
  expect(actorOf(token, 'ann')).toEqual({ ...by, asserted: 'ann' });
  expect(actorOf(token, null)).toEqual({ ...by, asserted: null });
  expect(actorOf(token, 'ops')).toEqual({ ...by, asserted: null });
});

test('whoever signed in at the provider carries the subject and the mail', () => {
  const by = { by: 'bob (s-1)', known: 'oidc', subject: 's-1', mail: 'bob@x.example' };
  expect(actorOf(bob, null)).toEqual({ ...by, asserted: null });
  expect(actorOf(bob, 'ann')).toEqual({ ...by, asserted: 'ann' });
});

test('a name on the command line is only asserted; without one, it is the user of the machine', () => {
  const named = { by: 'ann', asserted: null, known: 'asserted', ...nobody };
  const user = { by: userInfo().username, asserted: null, ...nobody };
  expect(actorOf(localCaller(), 'ann')).toEqual(named);
  expect(actorOf(localCaller('socket'), 'ann')).toEqual(named);
  expect(actorOf(localCaller(), null)).toEqual({ ...user, known: 'local' });
  expect(actorOf(localCaller('socket'), null)).toEqual({ ...user, known: 'socket' });
});

test('only a credential with a name of its own makes somebody signed in', () => {
  expect([token, bob].map(isSignedIn)).toEqual([true, true]);
  const anybody = { ...somewhere, name: anonymousName };
  const own = { ...token, name: ownTokenName };
  const others = [anybody, own, localCaller(), localCaller('socket')];
  expect(others.map(isSignedIn)).toEqual([false, false, false, false]);
  expect(identify(anybody)).toEqual({ known: 'anonymous', ...nobody });
});
