import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/config/read-policy.ts';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import { workspace } from './workspace.ts';

const shipped = [
  'policy',
  'policies/starter',
  'policies/cis-aws',
  'policies/pci-dss',
  'policies/owasp-nhi',
];
const textOf = (name: string) =>
  readFileSync(new URL(`../../config/${name}.yaml`, import.meta.url), 'utf8');

const withVersion = (version: string) =>
  `version: ${version}
rules:
  - { id: a, type: unowned, severity: low }
`;
const written = `version: '2026'
rules:
  - &first { "id": a, type: stale, after: 45d, warnBefore: 7d, severity: high, match: &who { owner: [yes, "null", no] } }
  - id: b
    type: unowned
    severity: low
    match: *who
  - id: c
    type: expression
    when: >-
      key.type == "secret"
      && key.idleDays > 30
    message: >-
      idle
      secret
    severity: info
`;

test.each([
  ...shipped.map((name) => [name, textOf(name)]),
  ['aliases and blocks', written],
  ['a plain tag', withVersion('!!str 1')],
])(
  'a worker that reads the pinned text has the policy that was checked: %s',
  async (_name, text) => {
    const folder = workspace({ 'config/policy.yaml': text });
    const read = await readPolicy(join(folder, 'config/policy.yaml'), folder);
    expect(read.mistakes).toEqual([]);
    expect(read.policy?.policy).toEqual(parsePolicy(text));
  },
);

// Only one of the two readings knows these tags.
test.each(['!!binary MQ==', '!!timestamp 2026-01-01', '!own 1'])('%s is refused', async (value) => {
  const folder = workspace({ 'config/policy.yaml': withVersion(value) });
  const read = await readPolicy(join(folder, 'config/policy.yaml'), folder);
  expect(read.mistakes).not.toEqual([]);
});
