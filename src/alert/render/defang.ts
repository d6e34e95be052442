import { cutText } from '../../report/safe-text.ts';

/**
 * Text of a stranger for an incident: PagerDuty shows no markup, but it, the phones it writes to and
 * the chats it is joined to make links of what looks like one. What is hidden is shown, addresses
 * are written as security people write them (`hxxp[:]//evil[.]example`), and what Slack would read
 * as a mention loses its meaning. Cut to so many characters.
 */
export function defang(text: string, most: number): string {
  const harmless = cutText(text, most)
    .replaceAll('://', '[:]//')
    .replace(/(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu, '[.]')
    .replace(/@(?=[\p{L}\p{N}])/gu, '[@]')
    .replace(/<(?=[!@#[])/g, '< ');
  // A text that was cut is one longer, by the sign that says so.
  return harmless.length <= most ? harmless : cutText(harmless, most - 1);
}
