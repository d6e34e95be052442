import { describe, expect, test } from 'vitest';
import { severities } from '../../../src/evaluate/policy/policy.ts';
import { pieceSize } from '../../../src/report/in-pieces.ts';
import { renderSarif } from '../../../src/report/sarif/render-sarif.ts';
import { sarifText } from '../../../src/report/sarif/sarif-text.ts';
import {
  anUnknown,
  aReport,
  aReportKey,
  aRule,
  aSweep,
  aViolation,
  aWaiver,
  gather,
  type ReportRows,
} from '../world.ts';
import { sarifSchema } from './sarif-schema.ts';

const options = { version: '0.1.0', artifact: 'config/keysweep.yaml' };

async function runOf(rows: ReportRows) {
  const text = await gather(renderSarif(aReport(rows), options));
  const [run] = sarifSchema.parse(JSON.parse(text)).runs;
  if (run === undefined) throw new Error('no run');
  return { ...run, rules: run.tool.driver.rules, invocation: run.invocations[0] };
}

const whole = { tracked: 2, audited: 2, unknown: 0, partial: 0 };

describe('a report in SARIF', () => {
  test('has a result a violation, which refers to its rule and names its key', async () => {
    const rules = [aRule({ id: 'other' }), aRule()];
    const { results } = await runOf({ rules, violations: [aViolation()] });
    expect(results).toMatchObject([
      {
        ...{ ruleId: 'stale-45', ruleIndex: 1, level: 'error', suppressions: [] },
        message: { text: 'Key key_abc123 (Checkout): not used for 61 days; the limit is 45 days' },
        partialFingerprints: { primaryLocationLineHash: 'f'.repeat(64) },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'config/keysweep.yaml' } },
            logicalLocations: [{ name: 'key_abc123', fullyQualifiedName: 'prod/key_abc123' }],
          },
        ],
      },
    ]);
  });

  test('says of every rule what it finds, what to do and how grave it is', async () => {
    const rules = severities.map((severity) => aRule({ id: severity, severity }));
    const said = (await runOf({ rules })).rules.map(({ defaultConfiguration, properties }) => [
      defaultConfiguration.level,
      properties['security-severity'],
    ]);
    expect(said).toEqual([
      ['note', undefined],
      ['note', '2.0'],
      ['warning', '5.5'],
      ['error', '8.0'],
      ['error', '9.5'],
    ]);
  });

  test('gives a rule its controls as tags, as many as GitHub takes', async () => {
    const controls = Array.from({ length: 30 }, (_, at) => `control ${at}`);
    const { rules } = await runOf({ rules: [aRule({ controls })] });
    expect(rules[0]?.properties.tags).toEqual(['security', ...controls.slice(0, 19)]);
    expect(rules[0]?.properties.controls).toEqual(controls);
  });

  test('suppresses what is waived, with the reason and who agreed', async () => {
    const violations = [aViolation({ status: 'waived', waiver: 'W-12' })];
    const { results } = await runOf({ violations, waivers: [aWaiver()] });
    expect(results[0]?.suppressions).toEqual([
      {
        ...{ kind: 'external', status: 'accepted', justification: 'seasonal job' },
        properties: {
          waiver: 'W-12',
          requestedBy: 'ann',
          approvedBy: ['bob'],
          lastDay: '2027-01-31',
        },
      },
    ]);
  });

  test('is a run that succeeded only when everything was judged', async () => {
    const { invocation } = await runOf({ coverage: whole });
    expect(invocation).toMatchObject({
      executionSuccessful: true,
      startTimeUtc: '2026-11-23T07:30:00.123Z',
      toolExecutionNotifications: [],
    });
    for (const part of ['unknown', 'partial'] as const) {
      const failed = await runOf({ coverage: { ...whole, [part]: 1 } });
      expect(failed.invocation?.executionSuccessful).toBe(false);
    }
  });

  test('tells what could not be judged, a whole key as an error', async () => {
    const unknowns = [anUnknown(), anUnknown({ rule: 'stale-45', reason: 'field-unreadable' })];
    const { invocation } = await runOf({ unknowns });
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      {
        ...{ level: 'error', descriptor: { id: 'timeout' } },
        message: { text: 'Key key_down could not be audited: timeout, no whole answer in 10 s' },
      },
      { level: 'warning', associatedRule: { id: 'stale-45', index: 0 } },
    ]);
  });

  test('states the coverage, the sweep and every waiver', async () => {
    const { properties, automationDetails } = await runOf({ waivers: [aWaiver()] });
    expect(properties['coverageLine']).toMatch(/^412 of 415 audited, 3 unknown; .* inventory only/);
    expect(properties['waivers']).toMatchObject([{ id: 'W-12', reason: 'seasonal job' }]);
    expect(automationDetails.id).toBe('keysweep/019ab0de-7c1f-7d3e-9a55-0b1c2d3e4f50');
  });

  test('holds for a sweep that is not closed and for a rule that the policy lost', async () => {
    const sweep = aSweep({ closedAt: null });
    const { results, invocation } = await runOf({ sweep, rules: [], violations: [aViolation()] });
    expect(results[0]).not.toHaveProperty('ruleIndex');
    expect(invocation).not.toHaveProperty('endTimeUtc');
  });

  test('stays what it is whatever keys are called', async () => {
    const hostile = [
      '"},{"',
      '\u001b[2J\u202e',
      '{0} [a](javascript:x)',
      'x'.repeat(1_000_000),
      '\ud800',
    ];
    const text = await gather(
      renderSarif(
        aReport({
          keys: [aReportKey()],
          violations: hostile.map((name) =>
            aViolation({ keyId: name, keyName: name, message: name }),
          ),
          unknowns: hostile.map((name) => anUnknown({ keyId: name, detail: name })),
          waivers: hostile.map((reason) => aWaiver({ reason })),
        }),
        options,
      ),
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(sarifSchema.parse(JSON.parse(text)).runs[0]?.results).toHaveLength(hostile.length);
  });

  test('comes in pieces, so that its size does not matter', async () => {
    const violations = Array.from({ length: 500 }, (_, at) => aViolation({ keyId: `key_${at}` }));
    const pieces: string[] = [];
    for await (const piece of renderSarif(aReport({ violations }), options)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(5);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(1.3 * pieceSize);
  });
});

test.each([
  ['a {0} b', 'a {{0}} b'],
  ['[a](1)', '\\[a\\](1)'],
  ['C:\\x', 'C:\\\\x'],
  ['charges:*', 'charges:*'],
])('%j in a message is written %j', (text, written) => {
  expect(sarifText(text)).toBe(written);
});
