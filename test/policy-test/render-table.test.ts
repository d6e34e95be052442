import { expect, test } from 'vitest';
import type { CaseResult, TestResult } from '../../src/policy-test/case-result.ts';
import { renderPolicyTestTable } from '../../src/policy-test/render-table.ts';
import { displayWidth } from '../../src/report/table/display-width.ts';

function aCase(difference: Partial<CaseResult> = {}): CaseResult {
  return {
    ...{ name: 'a', rule: 'stale-45', line: 7, column: 5, expected: {}, differences: [] },
    actual: { verdict: 'pass', violations: [], unknowns: [] },
    ...difference,
  };
}

async function render(cases: CaseResult[], columns = 80): Promise<string> {
  const warnings = ['no case breaks the rule \u001b[31m'];
  const result: TestResult = {
    files: [{ file: 'a.cases.yaml', policy: 'p.yaml', cases }],
    policies: [{ file: 'p.yaml', version: '1\u202e', hash: '', rules: [], warnings }],
  };
  let text = '';
  const options = { color: false, columns, quiet: false };
  for await (const piece of renderPolicyTestTable(result, options)) text += piece;
  return text;
}

test('the cases stand under their file, then what is untried, then the sum', async () => {
  const failed = aCase({
    name: 'b',
    rule: null,
    differences: ['verdict: expected pass, came fail'],
  });
  expect(await render([aCase(), failed])).toBe(`a.cases.yaml  1 of 2 cases pass
  ✓ stale-45  a
  ✗           b
      verdict: expected pass, came fail
      at a.cases.yaml:7:5

p.yaml  version 1\\u{202e}, 0 of 0 rules broken by a case
  warning: no case breaks the rule \\u{1b}[31m

2 cases in 1 file: 1 passes, 1 fails; 1 warning
`);
});

test('no line is wider than the terminal, however long names and rules are', async () => {
  const long = aCase({
    name: 'word '.repeat(40).trim(),
    rule: 'r'.repeat(100),
    differences: [`verdict: ${'x'.repeat(300)}`],
  });
  const lines = (await render([long], 60)).split('\n');
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(60);
});
