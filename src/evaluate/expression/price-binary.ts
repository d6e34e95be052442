import { fixed, none, type Price, plain, product, reading, sum, text } from './price.ts';

const comparisons: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];
const logic: readonly string[] = ['&&', '||'];
const arithmetic: readonly string[] = ['+', '-', '*', '/', '%'];

/**
 * What an operator costs, or why it is not allowed. `end` is where it ends in the text: an error of
 * arithmetic is made with an excerpt of the text up to there, which costs more than all else.
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

/** The order of scopes and tags is the vendor's, and must not change what is found. */
function refusedOfLists(op: string): string {
  return op === '[]'
    ? 'places in a list say nothing; use exists(), all() or in'
    : 'lists can only be asked with in, size(), exists(), all(), exists_one() and filter()';
}

function join(left: Price, right: Price): Price {
  const length = sum(left.length, right.length);
  const steps = [fixed(1), left.steps, right.steps, reading(length)];
  return { ...text(length, ...steps), count: none, ofScopes: left.ofScopes || right.ofScopes };
}
