import { describe, expect, test } from 'vitest';
import { goodPolicy, mistakesOf, readGood } from './workspace.ts';

const dayMs = 86_400_000;
const onDay = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
const nextMonth = onDay(30);

const goodWaiver = {
  id: 'W-1',
  rule: 'stale-45',
  keys: '[{ source: prod, keyId: key_1 }]',
  reason: 'seasonal job',
  requestedBy: 'ann',
  approvedBy: 'bob',
  expires: nextMonth,
};
const broadWaiver = {
  id: 'W-1',
  rule: 'stale-45',
  match: '{ owner: [payments] }',
  reason: 'seasonal job',
  requestedBy: 'ann',
  approvedBy: '[bob, cid]',
  expires: nextMonth,
};
type Parts = Readonly<Record<string, string | null>>;

/** A waiver as it is written, a part a line; null leaves a part out. */
function waiver(difference: Parts = {}, ordinary: Parts = goodWaiver): string {
  const parts = Object.entries({ ...ordinary, ...difference });
  const lines = parts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `  - ${lines.join('\n    ')}\n`;
}

const mistakesIn = (policy: string) => mistakesOf({ files: { 'config/policy.yaml': policy } });

/** The mistakes of a policy with these waivers, without the file they stand in. */
async function mistakesOfWaivers(...waivers: string[]): Promise<string[]> {
  const lines = await mistakesIn(`${goodPolicy}waivers:\n${waivers.join('')}`);
  return lines.map((line) => line.replace(/^config\/policy\.yaml:/, ''));
}

async function mistakesOfRules(...rules: string[]): Promise<string[]> {
  const lines = await mistakesIn(
    `version: "1"\nrules:\n${rules.map((r) => `  - ${r}\n`).join('')}`,
  );
  return lines.map((line) => line.replace(/^config\/policy\.yaml:/, ''));
}

test('everything that a policy may have wrong is told together, each with its place', async () => {
  const policy = `version: "1"
rules:
  - { id: a, type: staleness, after: 45d, severity: high }
  - { id: b, type: stale, after: 45 days, severity: high }
  - { id: c, type: unowned, severity: low }
  - { id: c, type: missing, severity: low }
waivers:
  - { id: W-1, rule: c, keys: [{ source: prod, keyId: key_1 }], reason: x, requestedBy: Ann, approvedBy: " ann", expires: ${nextMonth} }
  - { id: W-2, rule: c, keys: [{ source: prod, keyId: key_1 }], reason: x, requestedBy: ann, approvedBy: bob, expires: 2020-02-29 }
`;
  expect(await mistakesIn(policy)).toEqual([
    expect.stringMatching(
      /^config\/policy\.yaml:3:20 rules\.0\.type: must be one of stale, never-used, too-old, /,
    ),
    'config/policy.yaml:4:34 rules.1.after: must be a whole, positive duration such as 10s, 30m, 12h, 90d or 2w',
    'config/policy.yaml:6:11 rules.3.id: c is given twice',
    'config/policy.yaml:8:106 waivers.0.approvedBy: must be somebody else than requestedBy',
    'config/policy.yaml:9:120 waivers.1.expires: is past by more than a year; remove this waiver',
  ]);
});

test('a waiver has keys or a match, one approver or more', async () => {
  const broad = waiver({ id: 'W-2' }, broadWaiver);
  const listed = waiver({ id: 'W-3', approvedBy: '[bob]' });
  expect(await mistakesOfWaivers(waiver(), broad, listed)).toEqual([]);
  expect(await mistakesIn(`${goodPolicy}waivers: []\n`)).toEqual([]);
});

describe('a waiver is refused', () => {
  test.each<[string, Parts, string[]]>([
    [
      'for a rule that is not there',
      { rule: 'stale' },
      ['6:11 waivers.0.rule: there is no rule stale in this policy'],
    ],
    [
      'for a warning that its rule does not give',
      { rule: 'stale-45.due' },
      ['6:11 waivers.0.rule: there is no rule stale-45.due in this policy'],
    ],
    ['without keys and match', { keys: null }, ['5:5 waivers.0: needs keys, or a match']],
    ['with no keys', { keys: '[]' }, ['7:11 waivers.0.keys: must name at least one key']],
    ['with keys left empty', { keys: '' }, ['7:11 waivers.0.keys: must be a list, not empty']],
    [
      'for a key that it names twice',
      {
        keys: '[{ source: prod, keyId: k }, { source: other, keyId: k }, { source: prod, keyId: k }]',
      },
      ['7:69 waivers.0.keys.2: this key is given twice'],
    ],
    [
      'for a key whose id is a number',
      { keys: '[{ source: prod, keyId: 123 }]' },
      ['7:35 waivers.0.keys.0.keyId: must be text, not a number; put it in quotes'],
    ],
    ['approved by nobody', { approvedBy: null }, ['5:5 waivers.0.approvedBy: is missing']],
    ['approved by ""', { approvedBy: '""' }, ['10:17 waivers.0.approvedBy: must not be empty']],
    [
      'approved by blanks',
      { approvedBy: '" \u200b"' },
      ['10:17 waivers.0.approvedBy: must name somebody'],
    ],
    [
      'approved by an empty list',
      { approvedBy: '[]' },
      ['10:17 waivers.0.approvedBy: must have at least 1 entry'],
    ],
    [
      'approved by a number',
      { approvedBy: '7' },
      ['10:17 waivers.0.approvedBy: must be a name or a list of 1 to 10 names'],
    ],
    [
      'approved by its requester among others',
      { approvedBy: '[bob, ANN]' },
      ['10:17 waivers.0.approvedBy: must be somebody else than requestedBy'],
    ],
    [
      'approved by one person twice',
      { approvedBy: '[Bob Roe, "bob  roe "]' },
      ['10:17 waivers.0.approvedBy: names one person twice'],
    ],
    [
      'approved by a name that only looks different',
      { approvedBy: '[bob, "ｂｏｂ"]' },
      ['10:17 waivers.0.approvedBy: names one person twice'],
    ],
    [
      'approved by its requester in other letters',
      { approvedBy: '[bob, "𝐀𝐍𝐍"]' },
      ['10:17 waivers.0.approvedBy: must be somebody else than requestedBy'],
    ],
    [
      'approved by its requester with a sign nobody sees',
      { approvedBy: '"an\u200bn"' },
      ['10:17 waivers.0.approvedBy: must be somebody else than requestedBy'],
    ],
    [
      'requested by nobody',
      { requestedBy: '""' },
      ['9:18 waivers.0.requestedBy: must not be empty'],
    ],
    ['for no reason', { reason: '" - "' }, ['8:13 waivers.0.reason: must say why']],
    [
      'with a part that is none',
      { extra: '1' },
      [
        '12:5 waivers.0.extra: unknown key; known are id, rule, keys, match, reason, requestedBy, approvedBy, expires',
      ],
    ],
  ])('%s', async (_what, difference, mistakes) => {
    expect(await mistakesOfWaivers(waiver(difference))).toEqual(mistakes);
  });

  test.each<[string, Parts, string[]]>([
    [
      'that says nothing',
      { match: '{}' },
      ['7:12 waivers.0.match: must say what the keys have in common'],
    ],
    [
      'left empty',
      { match: '' },
      ['7:12 waivers.0.match: must be a mapping of keys to values, not empty'],
    ],
    [
      'with an empty part',
      { match: '{ owner: [] }' },
      ['7:21 waivers.0.match.owner: must name at least one pattern'],
    ],
    [
      'with a part that is none',
      { match: '{ ownr: [a] }' },
      [
        '7:14 waivers.0.match.ownr: unknown key; known are source, type, environment, owner, tags, scope',
      ],
    ],
    [
      'approved by one',
      { approvedBy: 'bob' },
      ['10:17 waivers.0.approvedBy: must be a list of two people, because the waiver has a match'],
    ],
    [
      'approved by a list of one',
      { approvedBy: '[bob]' },
      ['10:17 waivers.0.approvedBy: must be a list of two people, because the waiver has a match'],
    ],
    [
      'approved by one person twice',
      { approvedBy: '[bob, Bob]' },
      ['10:17 waivers.0.approvedBy: names one person twice'],
    ],
  ])('with a match %s', async (_what, difference, mistakes) => {
    expect(await mistakesOfWaivers(waiver(difference, broadWaiver))).toEqual(mistakes);
  });
});

describe('the last day of a waiver', () => {
  test.each([
    ['2027-02-30'],
    ['2027-02-29'],
    ['2027-13-01'],
    ['2027-1-31'],
    ['2027-01-31T00:00:00Z'],
    ['31.01.2027'],
    ['2027'],
    ['soon'],
    ['90d'],
    ['10000-01-01'],
    ['""'],
    ['[2027-01-31]'],
  ])('is none: %s', async (expires) => {
    expect(await mistakesOfWaivers(waiver({ expires }))).toEqual([
      '11:14 waivers.0.expires: must be a day such as 2027-01-31',
    ]);
  });

  test('is before the year 9000', async () => {
    for (const expires of ['9000-01-01', '9999-12-31']) {
      expect(await mistakesOfWaivers(waiver({ expires }))).toEqual([
        '11:14 waivers.0.expires: must be a day before the year 9000',
      ]);
    }
    expect(await mistakesOfWaivers(waiver({ expires: '8999-12-31' }))).toEqual([]);
  });

  test('is read with and without quotes, and is the last whole day in UTC', async () => {
    for (const expires of ['2031-01-31', '"2031-01-31"', '2031-01-31 # a Friday']) {
      const policy = `${goodPolicy}waivers:\n${waiver({ expires })}`;
      const { config } = await readGood({ files: { 'config/policy.yaml': policy } });
      const [read] = config.policy.policy.waivers;
      expect(read?.expires).toEqual(new Date('2031-02-01T00:00:00Z'));
    }
  });

  test('may be past, for a year: such a waiver does not hold, and is no mistake', async () => {
    expect(await mistakesOfWaivers(waiver({ expires: onDay(-1) }))).toEqual([]);
    expect(await mistakesOfWaivers(waiver({ expires: onDay(-364) }))).toEqual([]);
    expect(await mistakesOfWaivers(waiver({ expires: onDay(-368) }))).toEqual([
      '11:14 waivers.0.expires: is past by more than a year; remove this waiver',
    ]);
  });
});

describe('waivers together', () => {
  test('have an id each', async () => {
    expect(await mistakesOfWaivers(waiver(), waiver({ rule: 'missing' }))).toEqual([
      '12:9 waivers.1.id: W-1 is given twice',
    ]);
  });

  test('may be for one key and rule', async () => {
    expect(await mistakesOfWaivers(waiver(), waiver({ id: 'W-2' }))).toEqual([]);
  });

  test('may be for the missing rule that a policy has by itself, by its name', async () => {
    expect(await mistakesOfWaivers(waiver({ rule: 'missing' }))).toEqual([]);
    expect(await mistakesOfWaivers(waiver({ rule: 'missing-key' }))).toHaveLength(1);
    const taken = goodPolicy.replaceAll('stale-45', 'missing');
    const policy = `${taken}waivers:\n${waiver({ rule: 'missing-key' })}`;
    expect(await mistakesIn(policy)).toEqual([]);
    const own = `${goodPolicy}  - { id: gone, type: missing, severity: low }\nwaivers:\n`;
    expect(await mistakesIn(own + waiver({ rule: 'gone' }))).toEqual([]);
    expect(await mistakesIn(own + waiver({ rule: 'missing' }))).toHaveLength(1);
  });

  test('may share parts by anchors; a mistake is told where the part is written', async () => {
    const first = waiver({ keys: '&shop [{ source: prod, keyId: key_1 }]', approvedBy: '&b bob' });
    const second = waiver({ id: 'W-2', keys: '*shop', requestedBy: 'eve', approvedBy: '*b' });
    expect(await mistakesOfWaivers(first, second)).toEqual([]);
    const own = waiver({ id: 'W-2', keys: '*shop', requestedBy: 'bob', approvedBy: '*b' });
    expect(await mistakesOfWaivers(first, own)).toEqual([
      '17:17 waivers.1.approvedBy: must be somebody else than requestedBy',
    ]);
    const wrong = waiver({ keys: '&shop [{ source: prod, keyId: 1 }]' });
    expect(await mistakesOfWaivers(wrong, waiver({ id: 'W-2', keys: '*shop' }))).toEqual([
      '7:41 waivers.0.keys.0.keyId: must be text, not a number; put it in quotes',
      '7:41 waivers.1.keys.0.keyId: must be text, not a number; put it in quotes',
    ]);
  });

  test('may name keys that nobody tracks', async () => {
    const keys = '[{ source: prod, keyId: key_gone }]';
    const policy = `${goodPolicy}waivers:\n${waiver({ keys })}`;
    const { warnings } = await readGood({ files: { 'config/policy.yaml': policy } });
    expect(warnings).toEqual([]);
  });

  test('that name sources which are not there are warned of, a line a source', async () => {
    const many = [1, 2, 3, 4, 5].map((n) =>
      waiver({ id: `W-${n}`, keys: '[{ source: old, keyId: a }, { source: old, keyId: b }]' }),
    );
    const one = waiver({
      id: 'W-6',
      keys: '[{ source: prdo, keyId: a }, { source: prod, keyId: a }]',
    });
    const policy = `${goodPolicy}waivers:\n${many.join('')}${one}`;
    const { warnings } = await readGood({ files: { 'config/policy.yaml': policy } });
    expect(warnings).toEqual([
      'waivers: there is no source old, which W-1, W-2, W-3 and 2 others name',
      'waivers: there is no source prdo, which W-6 names',
    ]);
  });
});

describe('a warning before the limit', () => {
  const stale = (parts: string) => `{ id: s, type: stale, after: 45d, severity: high, ${parts} }`;

  test('is shorter than the limit', async () => {
    expect(await mistakesOfRules(stale('warnBefore: 44d'))).toEqual([]);
    expect(await mistakesOfRules(stale('warnBefore: 1079h'))).toEqual([]);
    for (const warnBefore of ['45d', '1080h', '46d', '7w']) {
      expect(await mistakesOfRules(stale(`warnBefore: ${warnBefore}`))).toEqual([
        '3:67 rules.0.warnBefore: must be shorter than after',
      ]);
    }
    const never = '{ id: n, type: never-used, grace: 14d, severity: low, warnBefore: 14d }';
    expect(await mistakesOfRules(never)).toEqual([
      '3:71 rules.0.warnBefore: must be shorter than grace',
    ]);
  });

  test('is a duration', async () => {
    for (const warnBefore of ['7', '0d', '""', 'soon', '[7d]']) {
      expect(await mistakesOfRules(stale(`warnBefore: ${warnBefore}`))).toEqual([
        expect.stringMatching(/^3:67 rules\.0\.warnBefore: must be a whole, positive duration/),
      ]);
    }
  });

  test.each([
    'missing',
    'unowned',
    'scope-drift',
    'impossible-metadata',
    'over-scoped',
    'reawakened, dormant: 60d',
    'unaudited, after: 60d',
    'naming, pattern: a',
  ])('is none of %s', async (type) => {
    const [line, ...others] = await mistakesOfRules(
      `{ id: r, type: ${type}, severity: low, warnBefore: 1d }`,
    );
    expect(line).toMatch(/^3:\d+ rules\.0\.warnBefore: unknown key; known are /);
    expect(others).toEqual([]);
  });

  test('has a name that no other rule has', async () => {
    const other = '{ id: s.due, type: unowned, severity: low }';
    const taken =
      'rules.0.warnBefore: the warning is a rule called s.due, and another rule has this id; rename one';
    expect(await mistakesOfRules(stale('warnBefore: 7d'), other)).toEqual([`3:67 ${taken}`]);
    expect(await mistakesOfRules(stale('match: { owner: [a] }'), other)).toEqual([]);
    const chain = '{ id: s.due, type: too-old, after: 9d, severity: low, warnBefore: 1d }';
    expect(await mistakesOfRules(stale('warnBefore: 7d'), chain)).toEqual([`3:67 ${taken}`]);
  });

  test('has a name that is not too long', async () => {
    const named = (length: number) =>
      `{ id: ${'i'.repeat(length)}, type: stale, after: 45d, severity: low, warnBefore: 1d }`;
    expect(await mistakesOfRules(named(96))).toEqual([]);
    expect(await mistakesOfRules(named(97))).toEqual([
      expect.stringMatching(/ rules\.0\.warnBefore: .* and this id is too long; shorten the id$/),
    ]);
  });

  test('may be waived by its name', async () => {
    const policy = `version: "1"\nrules:\n  - ${stale('warnBefore: 7d')}\nwaivers:\n`;
    expect(await mistakesIn(policy + waiver({ rule: 's.due' }))).toEqual([]);
  });
});

test('a policy of nonsense is told and nothing is thrown', async () => {
  const odd = [
    'null',
    '7',
    '"a"',
    '[]',
    '{}',
    '[null]',
    '[[]]',
    '{ a: { b: [c] } }',
    '[7, {}, "a"]',
  ];
  for (const value of odd) {
    for (const key of ['rules', 'waivers']) {
      const lines = await mistakesIn(`version: "1"\n${key}: ${value}\n`);
      expect(lines.length).toBeGreaterThan(0);
    }
    const parts = { rule: value, keys: value, match: value, approvedBy: value, expires: value };
    expect((await mistakesOfWaivers(waiver(parts))).length).toBeGreaterThan(0);
    expect(
      (
        await mistakesOfRules(
          `{ id: ${value}, type: stale, after: ${value}, warnBefore: ${value} }`,
        )
      ).length,
    ).toBeGreaterThan(0);
  }
});

test('ids in waivers name a character that nobody sees', async () => {
  const lines = await mistakesOfWaivers(
    waiver({ keys: '[{ source: "prod\\u200b", keyId: "key\\u00ad_1" }]' }),
    waiver({ id: 'W-2', keys: '[{ source: prod, keyId: "key\\ufeff" }]' }),
  );
  expect(lines.map((line) => line.replace(/^\d+:\d+ /, ''))).toEqual([
    'waivers.0.keys.0.source: must not hold U+200B, an invisible character',
    'waivers.0.keys.0.keyId: must not hold U+00AD, an invisible character',
    'waivers.1.keys.0.keyId: must not hold U+FEFF, an invisible character',
  ]);
});
