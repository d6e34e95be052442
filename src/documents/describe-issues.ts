import { z } from 'zod';
import { renderCount } from '../text/render-count.ts';
import type { Path } from './mistake.ts';

/** A fault that a schema found at a path; `aim` says whether to point at the key or the value. */
export interface SchemaFault {
  readonly path: Path;
  readonly aim: 'key' | 'value';
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** The message for a zod issue; a schema's own message takes precedence. Never quotes the value. */
export function wordsOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wordsOfType(issue.expected, issue.input);
    case 'invalid_value':
      return `must be ${listed(issue.values)}`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      return `must ${size(issue.origin)} ${issue.exact ? 'exactly' : 'at least'} ${amount(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must ${size(issue.origin)} at most ${amount(issue.origin, issue.maximum)}`;
    case 'unrecognized_keys':
      return wordsOfUnknownKey(issue.inst);
    default:
      return undefined;
  }
}

/** YAML reads 7 as a number and true as a boolean, so such a text needs quotes. */
function wordsOfType(expected: string, input: unknown): string {
  const words = `must be ${kindNames[expected] ?? expected}, not ${kindOf(input)}`;
  const quotable = expected === 'string' && /^(number|boolean)$/.test(typeof input);
  return quotable ? `${words}; put it in quotes` : words;
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : (kindNames[typeof value] ?? typeof value);
}

function wordsOfUnknownKey(schema: RawIssue['inst']): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return known.length === 0 ? 'unknown key' : `unknown key; known are ${known.join(', ')}`;
}

function listed(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function size(origin: string): string {
  return origin === 'array' || origin === 'string' ? 'have' : 'be';
}

function amount(origin: string, limit: number | bigint): string {
  if (origin === 'array') return renderCount(Number(limit), 'entry', 'entries');
  return origin === 'string' ? renderCount(Number(limit), 'character') : String(limit);
}

/** The faults of an issue; each unknown key is one fault, at the key. */
export function faultsOf(issue: Issue, valueAt: (path: Path) => unknown): SchemaFault[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      aim: 'key',
      message: issue.message,
    }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({
      path,
      aim: 'key',
      message: `its name ${message}`,
    }));
  }
  const absent = valueAt(path) === undefined;
  const branch = absent ? undefined : nearestBranch(issue);
  if (branch !== undefined) {
    return branch.flatMap((one) =>
      faultsOf({ ...one, path: [...issue.path, ...one.path] }, valueAt),
    );
  }
  return [{ path, aim: 'value', message: absent ? 'is missing' : issue.message }];
}

/** What a value of another kind is reported as: another type, or another word. */
const otherKind: ReadonlySet<string | undefined> = new Set(['invalid_type', 'invalid_value']);

/**
 * The issues of the form that a value was meant to have: the first one whose kind it is. If it is of
 * no such kind, the union's own message says what is allowed.
 */
function nearestBranch(issue: Issue): readonly Issue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  const isOfKind = (issues: readonly Issue[]) =>
    !issues.some(({ code, path }) => path.length === 0 && otherKind.has(code));
  return issue.errors.find(isOfKind);
}

/** Reads plain values along a path; ignores inherited properties. */
export function readPath(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step))
      return undefined;
    return (value as Record<string | number, unknown>)[step];
  }, root);
}
