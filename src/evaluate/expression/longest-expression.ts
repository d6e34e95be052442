/** Longer texts are no rule any more; the parser is never shown one. */
export const longestExpression = 2_000;
