import { expect, test } from 'vitest';
import { readWaivedKeys } from '../../../src/evaluate/waivers/read-waived-keys.ts';

test('reads the keys that waivers name, and nothing of those with a match', () => {
  const policy = `rules: []
waivers:
  - { id: W-1, keys: [{ source: main, keyId: key_1 }], reason: any }
  - { id: W-2, match: { owner: [web] } }
`;
  const keys = [{ source: 'main', keyId: 'key_1' }];
  expect([...readWaivedKeys(policy)]).toEqual([['W-1', keys]]);
});

test.each(['', 'rules: []', 'waivers: 3', 'waivers: [{ keys: [] }]', 'a: ['])(
  'knows none of %j',
  (policy) => {
    expect([...readWaivedKeys(policy)]).toEqual([]);
  },
);
