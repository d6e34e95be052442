/** In UTF-16 units. Longer texts never reach the parser. */
export const longestExpression = 2_000;
