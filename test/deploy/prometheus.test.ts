import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createRegistry } from '../../src/http/metrics/create-registry.ts';
import { metrics } from '../../src/http/metrics/metrics.ts';
import { findProgram } from '../support/find-program.ts';

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
}
const rules: readonly Rule[] = parse(read('prometheus/rules.yaml')).groups[0].rules;

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const panels: readonly Panel[] = JSON.parse(read('grafana/keysweep.json')).panels;

const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

const served = createRegistry();

/** The names of metrics in a query. */
function metricsIn(query: string): string[] {
  const found = query.match(/\b(keysweep|process|nodejs)_\w+/g) ?? [];
  return found.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

/** The labels that a query selects or groups by. */
function labelsIn(query: string): string[] {
  const selected = [...query.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  );
  const grouped = [...query.matchAll(/\b(?:by|ignoring) \(([^)]*)\)/g)].flatMap(([, inside = '']) =>
    inside.split(',').map((label) => label.trim()),
  );
  return [...selected, ...grouped];
}

test.each(expressions)(
  'the query of “%s” names only metrics and labels that exist',
  async (_, query) => {
    const names = metricsIn(query);
    expect(names).not.toEqual([]);
    const text = await served.render();
    for (const name of names) expect(text).toContain(`# TYPE ${name} `);
    const known = Object.entries(metrics)
      .filter(([name]) => names.includes(name))
      .flatMap(([, { labels }]) => [...labels]);
    for (const label of labelsIn(query)) expect(['le', ...known]).toContain(label);
  },
);

test('every alert has a test', () => {
  const text = read('prometheus/rules.test.yaml');
  for (const { alert } of rules) expect(text).toContain(`alertname: ${alert}\n`);
});

test('the panels of the dashboard have ids and places of their own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
  expect(new Set(places).size).toBe(panels.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});

test('the legends of the dashboard name labels that their queries have', () => {
  for (const { targets = [] } of panels) {
    for (const { expr, legendFormat } of targets) {
      const own = metricsIn(expr).flatMap((name) => metrics[name as 'keysweep_keys']?.labels ?? []);
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      for (const label of named) expect(['instance', ...own]).toContain(label);
    }
  }
});

const promtool = findProgram('promtool');
const isRequired = process.env['KEYSWEEP_REQUIRE_SERVERS'] === '1';

describe.skipIf(promtool === undefined && !isRequired)('promtool', () => {
  const run = (...args: string[]) => {
    if (promtool === undefined) {
      throw new Error('no promtool on this machine (Debian: apt-get install prometheus)');
    }
    const options = { cwd: join(folder, 'prometheus'), encoding: 'utf8' as const };
    return execFileSync(promtool, args, options);
  };

  test('accepts the rules, and their tests pass', () => {
    expect(run('check', 'rules', 'rules.yaml')).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(run('test', 'rules', 'rules.test.yaml')).toContain('SUCCESS');
  });

  test('can read every query of the dashboard', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'ks-queries-'));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const recorded = queries.map((query, n) => {
      return { record: `query_${n}`, expr: query.replaceAll('$__rate_interval', '5m') };
    });
    const file = join(scratch, 'queries.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    expect(run('check', 'rules', file)).toContain(`SUCCESS: ${queries.length} rules found`);
  });

  test('has nothing against the names and helps of our metrics', async () => {
    // Its list of what it would do otherwise is on stderr, and makes it fail.
    const text = await served.render();
    const own = text.split('\n').filter((line) => /^(# \w+ )?keysweep_/.test(line));
    const options = { input: `${own.join('\n')}\n`, encoding: 'utf8' as const };
    expect(execFileSync(promtool ?? '', ['check', 'metrics'], options)).toBe('');
  });
});
