import { shortenText } from '../safe-text.ts';

/** Excel takes 32,767 characters in a cell. */
const mostCharacters = 32_000;

/**
 * What begins a formula in some spreadsheet: the plain signs, their full-width and small forms, and
 * the minus sign. It does so at the start of a cell, and a cell also starts after a semicolon or a
 * bar where a spreadsheet is set to split at these; quotes and spaces before it do not help.
 */
const formula = /(^|[;|])([\s"]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫−])/gu;

/**
 * Text of a stranger as a spreadsheet may have it: an apostrophe stands before what would be a
 * formula. Controls, tabs and line breaks are shown as escapes, so that a row is a line.
 */
export function guardCell(text: string): string {
  return shortenText(text, mostCharacters).replace(formula, "$1$2'");
}
