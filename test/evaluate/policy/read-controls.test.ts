import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/evaluate/policy/parse-yaml.ts';
import { readControls } from '../../../src/evaluate/policy/read-controls.ts';

test('reads the controls of each rule, and of the warning before its limit', () => {
  const policy = `version: 7
rules:
  - { id: stale, type: stale, after: 90d, warnBefore: 7d, controls: [A, B] }
  - { id: later, type: unheard-of, controls: [C] }
  - { id: plain, type: unowned }
`;
  expect(readControls(parseYaml(policy))).toEqual([
    { rule: 'stale', controls: ['A', 'B'] },
    { rule: 'stale.due', controls: ['A', 'B'] },
    { rule: 'later', controls: ['C'] },
    { rule: 'plain', controls: [] },
  ]);
});

test.each(['', 'version: 1', 'rules: 3', 'rules: [{ id: 1 }]', 'a: [', '*x'])(
  'knows none of %j',
  (policy) => {
    expect(readControls(parseYaml(policy))).toBeUndefined();
  },
);
