import { describe, expect, test } from 'vitest';
import { mistakesOf, readGood } from './workspace.ts';

const head = 'version: "1"\nrules:\n';

function policy(when: string): string {
  return `${head}  - id: own\n    type: expression\n    severity: high\n    message: m\n    when: ${when}\n`;
}

function mistakes(when: string): Promise<string[]> {
  return mistakesOf({ files: { 'config/policy.yaml': policy(when) } });
}

/** What the only mistake says, without the file. */
async function mistake(when: string): Promise<string | undefined> {
  const [first, ...others] = await mistakes(when);
  expect(others).toEqual([]);
  return first?.replace('config/policy.yaml:', '');
}

/** Only the place of the mistake. */
async function place(when: string): Promise<string | undefined> {
  return (await mistake(when))?.split(' ')[0];
}

describe('an expression that is right', () => {
  test('is read, as contracts has it', async () => {
    const when = `'key.type == "secret" && key.idleDays > 30 && key.scopes.exists(s, s.endsWith(":write"))'`;
    const { config } = await readGood({ files: { 'config/policy.yaml': policy(when) } });
    expect(config.policy.policy.rules[0]).toMatchObject({ id: 'own', type: 'expression' });
  });

  test('may stand in several lines, with comments', async () => {
    expect(
      await mistakes('|\n      // idle\n      key.idleDays > 30 &&\n      \tkey.neverUsed'),
    ).toEqual([]);
  });
});

describe('a mistake in an expression is told with its line and column', () => {
  test.each([
    ['key.idle > 30', '7:15', / rules\.0\.when: key has no idle; it has id, name, type, /],
    [
      'ky.idleDays > 30',
      '7:11',
      /there is no ky; an expression can use key and the variables of its macros$/,
    ],
    ['key.name.size > 3', '7:20', /only key has fields$/],
    ['key.idleDays > "30"', '7:11', /no such overload: int > string$/],
    ['key.idleDays', '7:11', /must come to true or false, not to a int$/],
    ['key.idleDays >', '7:25', /when: ends too early$/],
    ['key.idleDays > 30 )', '7:29', /is not valid CEL here: Unexpected character: '\)'$/],
    ['key.name.matches("a+")', '7:20', /matches\(\) is not allowed; allowed are size\(\), /],
    ['key.owner == null', '7:24', /nothing is ever null here; .* compare with ""$/],
  ])('%s', async (when, at, words) => {
    const told = await mistake(when);
    expect(told?.split(' ')[0]).toBe(at);
    expect(told).toMatch(words);
  });

  test('all that is not allowed is told at once, and with the mistakes of other rules', async () => {
    const text = `${policy('key.a == key.b')}  - { id: own, type: unowned, severity: low }\n`;
    const told = await mistakesOf({ files: { 'config/policy.yaml': text } });
    expect(told.map((line) => line.split(' ')[0])).toEqual([
      'config/policy.yaml:7:15',
      'config/policy.yaml:7:24',
      'config/policy.yaml:8:11',
    ]);
  });
});

describe('the place is right however the text is written', () => {
  test.each([
    ['in single quotes', `'key.name == "it''s" && key.nope'`, '7:39'],
    ['in double quotes', `"key.name == \\"\\u0041\\U0001F600\\x41\\t\\" && key.nope"`, '7:58'],
    ['in double quotes over lines', '"key.neverUsed &&\n      key.nope"', '8:11'],
    ['with an escaped end of line', '"key.neverUsed \\\n      && key.nope"', '8:14'],
    ['plain over lines', 'key.neverUsed\n      && key.nope', '8:14'],
    ['in a literal block', '|\n      key.neverUsed &&\n      key.nope\n', '9:11'],
    [
      'in a block with a comment',
      '|- # when.nope\n\n        key.neverUsed\n          && key.nope',
      '10:18',
    ],
    ['in a folded block', '>-\n      key.neverUsed\n      && key.nope\n', '9:14'],
  ])('%s', async (_name, when, at) => expect(await place(when)).toBe(at));

  test('at the end of a block the place is behind its last sign', async () => {
    expect(await place('|\n      key.neverUsed &&\n')).toBe('8:23');
  });

  test('at the end of an empty text the place is its own', async () => {
    expect(await place('" "')).toMatch(/^7:1[12]$/);
  });

  test('an alias is followed to where the text stands', async () => {
    const rule = (id: string, when: string) =>
      `  - { id: ${id}, type: expression, severity: low, message: m, when: ${when} }\n`;
    const text = `${head}${rule('a', '&w "key.nope"')}${rule('b', '*w')}`;
    const told = await mistakesOf({ files: { 'config/policy.yaml': text } });
    expect(told.map((line) => line.split(': ')[0])).toEqual([
      'config/policy.yaml:3:73 rules.0.when',
      'config/policy.yaml:3:73 rules.1.when',
    ]);
  });
});

describe('what is out of proportion is refused without being parsed', () => {
  test('a megabyte of brackets', async () => {
    const [line] = await mistakes(`"${'('.repeat(1_000_000)}"`);
    expect(line).toContain('rules.0.when: must have at most 2000 characters');
  });

  test('two thousand characters are allowed, and one more is not', async () => {
    const of = (length: number) => `${' '.repeat(length - 'key.neverUsed'.length)}key.neverUsed`;
    expect(await mistakes(`'${of(2_000)}'`)).toEqual([]);
    expect(await mistakes(`'${of(2_001)}'`)).toHaveLength(1);
  });

  test('a rule without when, or with a list there, is a mistake like others', async () => {
    expect(await mistake('[a]')).toMatch(/^7:11 rules\.0\.when: must be text/);
  });
});
