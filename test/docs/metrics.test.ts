import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { metrics } from '../../src/http/metrics/metrics.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/metrics.md', import.meta.url)), 'utf8');

const rows = Object.entries(metrics).map(([name, { type, labels, help }]) => {
  const named = labels.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${type} | ${named} | ${help} |`;
});

test('the page of metrics lists every metric as it is served, and no other', () => {
  expect(page.split('\n').filter((line) => line.startsWith('| `keysweep_'))).toEqual(rows);
});
