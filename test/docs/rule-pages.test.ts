import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/evaluate/policy/parse-policy.ts';
import { type RuleType, ruleSchemas } from '../../src/evaluate/policy/policy.ts';
import { remedies } from '../../src/evaluate/remedies.ts';

const folder = fileURLToPath(new URL('../../docs/rules/', import.meta.url));
const types = Object.keys(ruleSchemas) as RuleType[];
const read = (type: RuleType) => readFileSync(`${folder}${type}.md`, 'utf8');

test('every type of rule has a page, and there are no others', () => {
  const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ''));
  expect(pages.sort()).toEqual([...types].sort());
});

const headings = [
  'What it finds',
  'Why it matters',
  'What may make it wrong',
  'How to mend the key',
  'Controls',
];

test.each(types)('the page of %s says all that a page must', (type) => {
  const page = read(type);
  expect(page.startsWith(`# ${type}\n\nFails when `)).toBe(true);
  const found = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(found.filter((heading) => headings.includes(heading ?? ''))).toEqual(headings);
});

test.each(types)(
  'the page of %s begins its mending with the remedy of reports and alerts',
  (type) => {
    const remedy = remedies[type];
    expect(remedy).toMatch(/^[A-Z][^\n`]{20,140}\.$/);
    expect(read(type)).toContain(`\n## How to mend the key\n\n${remedy}\n`);
  },
);

test.each(types)('the examples on the page of %s are rules', (type) => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(read(type)) ?? [];
  const text = `version: "1"\nrules:\n${example.replace(/^/gm, '  ')}`;
  const rules = parsePolicy(text).rules.filter((rule) => rule.type === type);
  expect(rules.length).toBeGreaterThan(0);
});

test.each(types)('the page of %s names each parameter that the rule takes', (type) => {
  const schema = ruleSchemas[type];
  const page = read(type);
  const unnamed = Object.keys(schema.shape).filter(
    (name) => !['id', 'type'].includes(name) && !page.includes(`\`${name}\``),
  );
  expect(unnamed).toEqual([]);
});

test.each(types)(
  'each control on the page of %s is claimed as direct or supporting, with a reason',
  (type) => {
    const rows = [...read(type).matchAll(/^\| ((?:CIS|PCI|NIST|ISO|SOC|OWASP).*) \|$/gm)];
    for (const [, row = ''] of rows) {
      const [control, claim, why, ...more] = row.split(' | ');
      expect(more).toEqual([]);
      expect(control).toMatch(
        /^(CIS (AWS|GCP)|PCI DSS 4\.0\.1|NIST 800-53|ISO 27001:2022|SOC 2|OWASP NHI 2025)/,
      );
      expect(claim).toMatch(/^(direct|supporting)(, .+)?$/);
      expect(why).toMatch(/^[A-Z].{20,}\.$/);
    }
  },
);
