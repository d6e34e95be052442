import { shortenText } from '../safe-text.ts';

/** Excel accepts at most 32,767 characters in a cell. */
const mostCharacters = 32_000;

/**
 * The characters that start a formula in some spreadsheets: the plain signs, their full-width and
 * small forms, and the minus sign. A cell may also start after a semicolon or a bar, if the
 * spreadsheet splits there. Leading quotes and spaces do not prevent a formula.
 */
const formula = /(^|[;|])([\s"]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫−])/gu;

/**
 * Printable ASCII in which no part starts with anything but a letter, a digit or an underscore.
 * Most texts are so, and need no longer look.
 */
const harmless = /^\w[ -:<-{}~]*(?:[;|] *\w[ -:<-{}~]*)*$/;

/**
 * Makes untrusted text safe for a spreadsheet: an apostrophe goes before a possible formula.
 * Controls, tabs and line breaks become escapes, so that each row is one line.
 */
export function guardCell(text: string): string {
  if (text.length <= mostCharacters && harmless.test(text)) return text;
  return guardFormula(shortenText(text, mostCharacters));
}

/** Puts an apostrophe before each possible formula. */
export function guardFormula(text: string): string {
  return text.replace(formula, "$1$2'");
}
