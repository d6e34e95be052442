import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/config/read-policy.ts';
import { renderMistake } from '../../src/documents/mistake.ts';
import { ruleSchemas } from '../../src/evaluate/policy/policy.ts';
import { readCases } from '../../src/policy-test/read-cases.ts';
import { runCases } from '../../src/policy-test/run-cases.ts';

const cwd = fileURLToPath(new URL('../../config/policies', import.meta.url));
const names = ['cis-aws', 'owasp-nhi', 'pci-dss', 'starter'];

test('there are these policies, each with its cases', () => {
  const files = names.flatMap((name) => [`${name}.cases.yaml`, `${name}.yaml`]);
  expect(readdirSync(cwd).sort()).toEqual(files);
});

async function runOf(name: string) {
  const read = await readCases([`${name}.cases.yaml`], { cwd });
  expect(read.mistakes.map(renderMistake)).toEqual([]);
  const result = await runCases(read.files, { inventory: undefined, cwd, needsApprovals: false });
  const [policy] = result.policies;
  if (policy === undefined) throw new Error('no policy');
  return { policy, cases: result.files.flatMap((file) => file.cases) };
}

test.each(names)('all cases of %s pass, and nothing is left untried', async (name) => {
  const { policy, cases } = await runOf(name);
  const failed = cases.filter(({ differences }) => differences.length > 0);
  expect(failed.map((one) => [one.name, ...one.differences])).toEqual([]);
  expect(policy.warnings).toEqual([]);
});

test.each(names)(
  '%s has at least eight cases a rule, that pass, that break it and that do neither',
  async (name) => {
    const { policy, cases } = await runOf(name);
    const rules = policy.rules.filter(({ rule }) => !rule.endsWith('.due'));
    for (const { rule, cases: about } of rules) {
      expect([rule, about >= 8]).toEqual([rule, true]);
      const ofRule = cases.filter((one) => one.rule === rule);
      const broken = ofRule.filter(({ actual }) => breaks(actual, rule));
      const verdicts = new Set(ofRule.map(({ actual }) => actual.verdict));
      expect([rule, broken.length > 0, verdicts.has('pass'), verdicts.has('unknown')]).toEqual([
        rule,
        true,
        true,
        true,
      ]);
    }
  },
);

function breaks(actual: { violations: readonly { rule: string }[] }, rule: string): boolean {
  return actual.violations.some((one) => one.rule === rule);
}

async function controlsOf(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { policy } = await readPolicy(`${cwd}/${name}.yaml`, cwd);
  const rules = policy?.policy.rules ?? [];
  return new Map(rules.map(({ id, controls }) => [id, controls]));
}

test('the numbers of CIS are those of the benchmark, under the ids of all its versions', async () => {
  const { policy } = await readPolicy(`${cwd}/cis-aws.yaml`, cwd);
  const day = 86_400_000;
  expect(policy?.policy.rules).toContainEqual(
    expect.objectContaining({ id: 'unused-45', type: 'stale', after: 45 * day }),
  );
  expect(policy?.policy.rules).toContainEqual(
    expect.objectContaining({ id: 'rotate-90', type: 'too-old', after: 90 * day }),
  );
  const controls = await controlsOf('cis-aws');
  const unused = ['CIS AWS v1.4-v4.0: 1.12', 'CIS AWS v5: 1.11', 'CIS AWS v6-v7: 2.11'];
  expect(controls.get('unused-45')).toEqual(unused);
  expect(controls.get('never-used')).toEqual(unused);
  expect(controls.get('rotate-90')).toEqual([
    ...['CIS AWS v1.4-v4.0: 1.14', 'CIS AWS v5: 1.13', 'CIS AWS v6: 2.13'],
    ...['CIS AWS v7: 2.12', 'CIS GCP v4: 1.15'],
  ]);
  expect(controls.get('restricted')).toEqual(['CIS GCP v4: 1.14']);
});

test('PCI DSS and OWASP NHI are named with the version they are claimed for', async () => {
  const pci = [...(await controlsOf('pci-dss')).values()].flat();
  expect(new Set(pci)).toEqual(
    new Set(['8.2.6', '8.6.3', '7.2.5', '7.2.5.1'].map((id) => `PCI DSS 4.0.1 ${id}`)),
  );
  const nhi = [...(await controlsOf('owasp-nhi')).values()].flat();
  expect(new Set(nhi)).toEqual(new Set([1, 5, 7, 8].map((id) => `OWASP NHI${id}:2025`)));
});

test('the policy to begin with has a rule of every type', async () => {
  const { policy } = await runOf('starter');
  expect(new Set(policy.rules.map(({ type }) => type))).toEqual(new Set(Object.keys(ruleSchemas)));
});

test.each(names)(
  '%s fails a key whose dates lie ahead, which no limit ever reaches',
  async (name) => {
    const { cases } = await runOf(name);
    const ahead = cases.filter((one) => one.name.includes('made in the year 9999'));
    expect(ahead.map(({ actual }) => actual.verdict)).toEqual(['fail']);
  },
);
