import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkExpression } from '../../../src/evaluate/expression/check-expression.ts';
import { compileExpression } from '../../../src/evaluate/expression/compile-expression.ts';
import { parseExpression } from '../../../src/evaluate/expression/language.ts';
import { survey } from '../../../src/evaluate/expression/survey.ts';
import type { Subject } from '../../../src/evaluate/rule.ts';
import { readScopes } from '../../../src/evaluate/scope.ts';
import { ago, day } from '../world.ts';
import { aSubject } from './subject.ts';

const literal = fc.constantFrom('"a:read"', '"b:write"', '"secret"', '""', '"pci"');
const list = fc.constantFrom('key.scopes', 'key.tags', '["a:read", "pci"]');
const number = fc.constantFrom('0', '30', '-1', '9223372036854775807', '1.5');

/** Expressions that fit their types, of any shape that is allowed. */
const { bool: expression } = fc.letrec<{ bool: string; text: string; int: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('key.id', 'key.name', 'key.type', 'key.owner', 'key.lastFour', 's'),
    literal,
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + ${b})`),
    tie('text').map((a) => `${a}.lowerAscii()`),
  ),
  int: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('key.idleDays', 'key.ageDays', 'key.scopes.size()', '7'),
    fc
      .tuple(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('text').map((a) => `size(${a})`),
  ),
  bool: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('true', 'false', 'key.neverUsed'),
    fc
      .tuple(tie('int'), fc.constantFrom('<', '<=', '>', '>='), number)
      .map(([a, op, b]) => `${a} ${op} ${b}`),
    fc
      .tuple(tie('text'), fc.constantFrom('==', '!=', '<'), tie('text'))
      .map(([a, op, b]) => `${a} ${op} ${b}`),
    fc.tuple(tie('text'), list).map(([a, b]) => `${a} in ${b}`),
    fc
      .tuple(tie('text'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('text'))
      .map(([a, method, b]) => `${a}.${method}(${b})`),
    fc
      .tuple(list, fc.constantFrom('all', 'exists', 'exists_one'), tie('bool'))
      .map(([a, macro, b]) => `${a}.${macro}(s, ${b})`),
    fc.tuple(list, tie('bool')).map(([a, b]) => `${a}.filter(s, ${b}).size() > 1`),
    fc
      .tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    tie('bool').map((a) => `!(${a})`),
  ),
}));

/** `s` is bound everywhere, and the text is of the length that may be written. */
const when = expression
  .map((text) => `["a:read"].exists(s, ${text})`)
  .filter((text) => checkExpression(text).every(({ message }) => !message.includes('too')))
  .filter((text) => text.length <= 2_000);

const scope = fc.constantFrom('a:read', 'A:Read ', 'b:write', '*', 'pci', '');
const days = fc.integer({ min: -1, max: 60 }).map((count) => ago(count * day).getTime());
const subject: fc.Arbitrary<Subject> = fc
  .record({
    name: fc.constantFrom('', 'Prod', 'a:read'),
    type: fc.constantFrom('secret', 'public'),
    lastFour: fc.constantFrom('', '7dc0'),
    owner: fc.constantFrom(null, 'payments'),
    scopes: fc.array(scope, { maxLength: 5 }).map((written) => readScopes(written)),
    tags: fc.array(scope, { maxLength: 3 }),
    createdOn: days,
    lastUsed: fc.option(days),
    usageLagMs: fc.constantFrom(0, day),
  })
  .map(aSubject);

const readable = ['name', 'type', 'scopes', 'createdOn', 'lastUsed', 'lastFour'] as const;

function without(of: Subject, hidden: readonly string[]): Subject {
  return { ...of, ...Object.fromEntries(hidden.map((field) => [field, undefined])) };
}

describe('whatever the expression and the key', () => {
  test('an expression with correct types is allowed and gives an answer', () => {
    fc.assert(
      fc.property(when, subject, (text, of) => {
        expect(checkExpression(text)).toEqual([]);
        expect(['true', 'false', 'unreadable', 'error']).toContain(compileExpression(text)(of).is);
      }),
      { numRuns: 1_000 },
    );
  });

  test('the order of scopes and tags changes nothing', () => {
    fc.assert(
      fc.property(when, subject, fc.subarray([...readable]), (text, of, hidden) => {
        const answerFor = compileExpression(text);
        const seen = without(of, hidden);
        const turned = {
          ...seen,
          scopes: seen.scopes?.toReversed(),
          tags: seen.tags.toReversed(),
        };
        expect(answerFor(turned)).toEqual(answerFor(seen));
      }),
      { numRuns: 1_000 },
    );
  });

  test('hiding a field turns no other answer into a pass, and no pass into a violation', () => {
    fc.assert(
      fc.property(when, subject, fc.subarray([...readable]), (text, of, hidden) => {
        const answerFor = compileExpression(text);
        const full = answerFor(of).is;
        const less = answerFor(without(of, hidden)).is;
        if (less === 'true' || less === 'false') expect([less]).toContain(full);
      }),
      { numRuns: 2_000 },
    );
  });

  test('no field is read more often than its price covers', () => {
    fc.assert(
      fc.property(when, subject, (text, of) => {
        let reads = 0;
        const counted = { ...of };
        for (const field of ['name', 'type', 'keyId', 'owner', 'lastFour'] as const) {
          Object.defineProperty(counted, field, {
            get: () => {
              reads += 1;
              return of[field];
            },
          });
        }
        const parsed = parseExpression(text);
        if (!parsed.ok) return;
        const { steps, fields } = survey(parsed.program.ast);
        const extent = { scopes: of.scopes?.length ?? 0, tags: of.tags.length, longestText: 20 };
        compileExpression(text)(counted);
        // Beside the evaluation each field is looked at for its length, for a reason, for the facts.
        expect(reads).toBeLessThanOrEqual(steps(extent) / 2 + 3 * fields.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('whatever the text', () => {
  const sign = fc.constantFrom(
    ...'()[]{}.,:?!&|=<>+-*/%"\'\\ \n\t',
    'key',
    's',
    'in',
    '1',
    'é',
    '💥',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(sign, { maxLength: 40 }).map((signs) => signs.join('')),
    fc.tuple(when, fc.nat(), fc.nat(40)).map(([whole, from, length]) => {
      const at = from % whole.length;
      return whole.slice(0, at) + whole.slice(at + length);
    }),
  );

  test('each fault has a place within it, and an expression without faults can be judged', () => {
    fc.assert(
      fc.property(text, (given) => {
        const faults = checkExpression(given);
        for (const { offset, message } of faults) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(given.length);
          expect(message).not.toMatch(/undefined|\n/);
        }
        if (faults.length === 0) compileExpression(given)(aSubject());
      }),
      // A string that a backslash and a line feed stand in.
      { numRuns: 5_000, examples: [['"\\\n"']] },
    );
  });
});
