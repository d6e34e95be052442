const month =
  '(?:jan|jän|janv|ene|gen|feb|febr|fév|févr|fev|mar|mars|mär|märz|mrz|mrt|apr|avr|abr|may|mai|mei|mag|jun|june|juni|juin|giu|jul|july|juli|juil|lug|aug|août|ago|sep|sept|set|oct|okt|ott|out|nov|dec|dez|déc|dic)\\.?';
const time = '\\d{1,2}:\\d\\d(?::\\d\\d)?(?: ?[ap]m)?';

/** What a spreadsheet makes of an id that it takes for something else. */
const damages: readonly (readonly [form: RegExp, words: string])[] = [
  [/^-?\d(?:[.,]\d+)?e[+-]\d{1,3}$/i, 'a number that a spreadsheet has shortened'],
  [/^[1-9]\d{14}0{2,}$/, 'a number that a spreadsheet has rounded to 15 digits'],
  [new RegExp(`^\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}(?:[t ]${time})?$`, 'i'), 'a date'],
  [new RegExp(`^\\d{1,2}([-/.])\\d{1,2}\\1(?:\\d{2}|\\d{4})(?: ${time})?$`, 'i'), 'a date'],
  [new RegExp(`^${month}[-/. ](?:\\d{2}|\\d{4})$`, 'i'), 'a date'],
  [new RegExp(`^\\d{1,2}\\.?[-/. ]${month}(?:[-/. ](?:\\d{2}|\\d{4}))?$`, 'i'), 'a date'],
  [new RegExp(`^${time}$`, 'i'), 'a time'],
];

/** The errors that spreadsheets show in a cell: `#REF!`, `#N/A`, `#NAME?`, a translation, `####`. */
const errorValue = /^#(?:[\p{Lu}\d/_.]+[!?]|N\/A|N\/D|NV|GETTING_DATA|#+)$/u;

/** What a key id looks like, if a spreadsheet seems to have changed it. */
export function describeDamagedId(keyId: string): string | undefined {
  return describeDamagedText(keyId) ?? damages.find(([form]) => form.test(keyId))?.[1];
}

/** The same for any other text. */
export function describeDamagedText(text: string): string | undefined {
  return text.startsWith('#') && errorValue.test(text) ? 'an error of a spreadsheet' : undefined;
}
