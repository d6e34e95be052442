import { describe, expect, test } from 'vitest';
import {
  encodeLogPolicy,
  isQuorumMet,
  type LogPolicy,
  witnessesOf,
} from '../../../src/evidence/log/log-policy.ts';
import { parseLogPolicy } from '../../../src/evidence/log/parse-log-policy.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../../src/evidence/log/verifier-key.ts';

const logKey = (seed: number) =>
  signingKeyOf(`log${seed}.example`, 1, Buffer.alloc(32, seed)).verifier;
const witnessKey = (seed: number, name = `w${seed}.example`) =>
  signingKeyOf(name, 4, Buffer.alloc(32, seed)).verifier;
const log = encodeVerifierKey(logKey(1));
const vkey = (seed: number) => encodeVerifierKey(witnessKey(seed));
const read = (text: string) => parseLogPolicy(Buffer.from(text));

function policyOf(text: string): LogPolicy {
  const found = read(text);
  if (!found.ok) throw new Error(JSON.stringify(found.mistakes));
  return found.policy;
}

function mistakesOf(text: string): string[] {
  const found = read(text);
  return found.ok ? [] : found.mistakes.map(({ line, message }) => `${line}: ${message}`);
}

// The example of tlog-policy, with keys put in.
const example = `log ${log}

witness X1 ${vkey(11)}
witness X2 ${vkey(12)}
witness X3 ${vkey(13)}
group X-witnesses 2 X1 X2 X3

witness Y1 ${vkey(21)}
witness Y2 ${vkey(22)}
witness Y3 ${vkey(23)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

describe('the example of tlog-policy', () => {
  const { logs, witnesses, quorum } = policyOf(example);

  test('has one log and six witnesses', () => {
    expect(logs).toEqual([{ key: logKey(1), url: null }]);
    expect(witnesses.map(({ name }) => name)).toEqual(['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3']);
    expect(witnessesOf(quorum)).toEqual(witnesses);
  });

  test.each([
    [[11, 12, 21], true],
    [[11, 13, 22, 23], true],
    [[11, 21, 22, 23], false],
    [[11, 12, 13], false],
    [[], false],
    [[11, 11, 21], false],
    [[11, 99, 21], false],
  ])('is met by the cosignatures of %j: %s', (seeds, isMet) => {
    expect(
      isQuorumMet(
        quorum,
        seeds.map((seed) => witnessKey(seed)),
      ),
    ).toBe(isMet);
  });
});

test('“quorum none” asks for no cosignature', () => {
  expect(isQuorumMet(policyOf('quorum none\n').quorum, [])).toBe(true);
});

test('a quorum may be one witness', () => {
  const { quorum } = policyOf(`witness w ${vkey(5)}\nquorum w\n`);
  expect(isQuorumMet(quorum, [witnessKey(5)])).toBe(true);
  expect(isQuorumMet(quorum, [witnessKey(6)])).toBe(false);
});

test('the same key under another name is another witness', () => {
  const { quorum } = policyOf(`witness w ${vkey(5)}\nquorum w\n`);
  expect(isQuorumMet(quorum, [witnessKey(5, 'other.example')])).toBe(false);
});

test('takes tabs, runs of spaces, comments, empty lines, URLs and names in other letters', () => {
  const text = `  # kommentar: ä\n\t\nlog\t${log}  https://log.example/x \nwitness \t Zürich ${vkey(5)} https://w\n quorum Zürich\n#\n`;
  const { logs, witnesses } = policyOf(text);
  expect(logs[0]?.url).toBe('https://log.example/x');
  expect(witnesses).toEqual([{ name: 'Zürich', key: witnessKey(5), url: 'https://w' }]);
});

test('names are octets: two that look alike are two, and bytes that are no UTF-8 will do', () => {
  const line = (name: Buffer, seed: number) =>
    Buffer.concat([Buffer.from('witness '), name, Buffer.from(` ${vkey(seed)}\n`)]);
  const names = [Buffer.from('K'), Buffer.from('\u212a'), Buffer.of(0xe9), Buffer.of(0xea)];
  const found = parseLogPolicy(
    Buffer.concat([
      ...names.map((name, at) => line(name, at + 1)),
      ...[Buffer.from('group all 3 '), ...names.flatMap((name) => [name, Buffer.from(' ')])],
      Buffer.from('\nquorum all\n'),
    ]),
  );
  expect(found.ok && found.policy.witnesses).toHaveLength(4);
});

test('a vkey name may hold other letters', () => {
  const key = signingKeyOf('лог.example', 1, Buffer.alloc(32, 4)).verifier;
  expect(policyOf(`log ${encodeVerifierKey(key)}\nquorum none\n`).logs[0]?.key).toEqual(key);
});

const w = `witness w ${vkey(5)}`;
test.each([
  ['', ['1: the policy has no quorum line']],
  [`# only words\n${w}\n`, ['2: the policy has no quorum line']],
  [`${w}\nquorum w`, ['2: the line does not end with a newline']],
  [`${w}\r\nquorum w\n`, ['1: the line ends with a carriage return']],
  [`${w}\u007f\nquorum none\n`, ['1: character']],
  ['quorum none\nfoo bar\n', ['2: foo is none of log, witness, group, quorum']],
  ['quorum none\n__proto__ a b\n', ['2: __proto__ is none of']],
  ['quorum none\nconstructor a b\n', ['2: constructor is none of']],
  ['Quorum none\n', ['1: Quorum is none of', '1: the policy has no quorum line']],
  ['log\nquorum none\n', ['1: a log has a verifier key']],
  [`log ${log} a b\nquorum none\n`, ['1: a log has a verifier key, and at most a URL']],
  [`log ${log.slice(0, -1)}\nquorum none\n`, ['1: verifier key: its third part']],
  [`log ${vkey(5)}\nquorum none\n`, ['1: the key of a log must have the signature type 1, not 4']],
  [
    `witness w ${log}\nquorum w\n`,
    ['1: the key of a witness must have the signature type 4, not 1'],
  ],
  [`log ${log}\nlog ${log}\nquorum none\n`, ['2: a log with this public key stands above']],
  [
    `${w}\nwitness v ${encodeVerifierKey(witnessKey(5, 'other'))}\nquorum w\n`,
    ['2: a witness with this public key stands above'],
  ],
  [`${w}\nwitness w ${vkey(6)}\nquorum w\n`, ['2: a witness or group named w stands above']],
  [`witness none ${vkey(6)}\nquorum none\n`, ['1: “none” cannot be the name']],
  [`${w}\ngroup none any w\nquorum none\n`, ['2: “none” cannot be the name']],
  ['quorum w\n', ['1: w is no witness or group of a line above']],
  [`quorum w\n${w}\n`, ['1: w is no witness or group of a line above']],
  [`${w}\nquorum w w\n`, ['2: a quorum has one name']],
  ['quorum none\nquorum none\n', ['2: a policy has one quorum line, and one stands above']],
  [`${w}\ngroup g any\nquorum w\n`, ['2: a group has a name']],
  [`${w}\ngroup g some w\nquorum g\n`, ['2: some must be all, any, or a number from 1 to 1']],
  [`${w}\ngroup g 0 w\nquorum g\n`, ['2: 0 must be all, any']],
  [`${w}\ngroup g 2 w\nquorum g\n`, ['2: 2 must be all, any, or a number from 1 to 1']],
  [`${w}\ngroup g 01 w\nquorum g\n`, ['2: 01 must be']],
  [`${w}\ngroup g any w w\nquorum g\n`, ['2: w is listed twice']],
  [`${w}\ngroup g any none\nquorum g\n`, ['2: none is no witness or group']],
  [`${w}\ngroup g any g\nquorum g\n`, ['2: g is no witness or group of a line above']],
  [`${w}\ngroup g any w\ngroup h any w\nquorum h\n`, ['3: w is a member of a group above already']],
])('finds the mistakes in %j', (text, expected) => {
  const found = mistakesOf(text);
  expect(found).toHaveLength(expected.length);
  for (const [at, line] of expected.entries()) expect(found[at]).toContain(line);
});

test('says all mistakes at once, without those that follow from others', () => {
  const text = `log x\nwitness w x\ngroup g all w v\nquorum g\n`;
  expect(mistakesOf(text).map((line) => line.slice(0, 12))).toEqual([
    '1: verifier ',
    '2: verifier ',
    '3: v is no w',
  ]);
});

test('takes 1,000 witnesses and groups, and no more', () => {
  const text = (count: number) =>
    `witness w0 ${vkey(5)}\n${Array.from({ length: count - 1 }, (_, at) => `group w${at + 1} all w${at}\n`).join('')}quorum w${count - 1}\n`;
  expect(isQuorumMet(policyOf(text(1000)).quorum, [witnessKey(5)])).toBe(true);
  expect(mistakesOf(text(1001))).toContain('1001: a policy has at most 1000 witnesses and groups');
});

describe('a policy that is written', () => {
  const logs = [{ key: logKey(1), url: 'https://log.example' }];
  const witnesses = [5, 6, 7].map((seed) => ({ key: witnessKey(seed), url: null }));

  test('reads back as what it says', () => {
    const policy = policyOf(encodeLogPolicy({ logs, witnesses, threshold: 2 }));
    expect(policy.logs).toEqual(logs);
    expect(policy.witnesses.map(({ key }) => key)).toEqual(witnesses.map(({ key }) => key));
    expect(isQuorumMet(policy.quorum, [witnessKey(5)])).toBe(false);
    expect(isQuorumMet(policy.quorum, [witnessKey(5), witnessKey(7)])).toBe(true);
  });

  test('asks for no cosignature where none is needed', () => {
    expect(policyOf(encodeLogPolicy({ logs, witnesses, threshold: 0 })).quorum.kind).toBe('none');
    expect(encodeLogPolicy({ logs: [], witnesses: [], threshold: 0 })).toBe('quorum none\n');
  });
});
