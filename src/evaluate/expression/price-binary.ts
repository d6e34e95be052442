import { fixed, none, type Price, plain, product, reading, sum, text } from './price.ts';

const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];
const logic: readonly string[] = ['&&', '||'];
const arithmetic: readonly string[] = ['+', '-', '*', '/', '%'];

/**
 * The price of an operator, or why it is not allowed. `end`: where the operation ends in the text.
 * An arithmetic error is built with an excerpt of the text up to there, which costs more than the
 * rest.
 */
export function priceBinary(op: string, left: Price, right: Price, end: number): Price | string {
  const both = sum(left.steps, right.steps);
  if (logic.includes(op)) return plain(fixed(1), both);
  if (op === 'in') {
    const each = sum(fixed(1), reading(left.length));
    return plain(fixed(2), both, product(right.count, each));
  }
  if (left.kind === 'list' || right.kind === 'list') return refusedOfLists(op);
  if (comparisons.includes(op)) {
    return plain(fixed(1), both, reading(sum(left.length, right.length)));
  }
  if (!arithmetic.includes(op)) return 'this is not allowed here';
  const ofTexts = op === '+' && (left.kind === 'text' || right.kind === 'text');
  return ofTexts ? join(left, right) : plain(fixed(100 + 2 * end), both);
}

/** The order of scopes and tags has no meaning and must not change the result. */
function refusedOfLists(op: string): string {
  return op === '[]'
    ? 'the order of a list means nothing; use exists(), all() or in'
    : 'lists can only be asked with in, size(), exists(), all(), exists_one() and filter()';
}

function join(left: Price, right: Price): Price {
  const length = sum(left.length, right.length);
  const steps = [fixed(1), left.steps, right.steps, reading(length)];
  return { ...text(length, ...steps), count: none, ofScopes: left.ofScopes || right.ofScopes };
}
