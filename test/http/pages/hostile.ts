import { expect } from 'vitest';
import type { Frame } from '../../../src/http/pages/layout/page.tsx';

/** HTML, the ends of attributes, and a mark that turns the text around. */
export const hostileText = `"><img src=x onerror=alert(1)>' onload=alert(2) {{7*7}} \u202e</script>`;

/** The same value with hostile text in every field that holds text, but for these words. */
export function withHostileText<T>(value: T, words: readonly string[]): T {
  if (typeof value === 'string') return (words.includes(value) ? value : hostileText) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((one) => withHostileText(one, words)) as T;
  const fields = Object.entries(value).map(([name, one]) => [name, withHostileText(one, words)]);
  return Object.fromEntries(fields) as T;
}

export const hostileFrame: Frame = {
  caller: { name: hostileText, role: 'operator' },
  formToken: 'form-token-of-ann',
  at: new Date('2026-11-29T09:00:00Z'),
  version: '1.2.3',
  simulated: true,
  assets: { style: { path: '/a.css' }, script: { path: '/a.js' }, icon: { path: '/i.svg' } },
};

/** Nothing of the hostile text has become a tag, an attribute or an address. */
export function expectHarmless(html: string): void {
  expect(html.includes('&lt;img src=x onerror=alert(1)&gt;')).toBe(true);
  expect(findForeign(html)).toEqual([]);
}

/** Controls but line ends, and what turns text around or cannot be seen. */
const unseen = /[^\P{Cc}\n]|[\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** What in a page is not its own: tags, attributes, addresses and marks that text has made. */
export function findForeign(html: string): readonly string[] {
  // A field of a form holds what was written.
  const shown = html.replaceAll(/ value="[^"]*"/g, '').replaceAll(/(<textarea[^>]*>)[^<]*/g, '$1');
  const mark = shown.search(unseen);
  const marked = mark === -1 ? [] : [shown.slice(Math.max(0, mark - 300), mark + 50)];
  const scripts = html.match(/<script/g) ?? [];
  const tags = html.match(/<[a-z][^<>]*>/gi) ?? [];
  return [...marked, ...scripts.slice(1), ...tags.filter((tag) => !isOwn(tag))];
}

/** With what its attributes hold left out, a tag of ours has only plain attributes. */
function isOwn(tag: string): boolean {
  const bare = tag.replaceAll(/="[^"]*"/g, '');
  return (
    /^<[a-z0-9]+(?:\s+[a-zA-Z0-9-]+)*\s*\/?>$/.test(bare) &&
    !/^<img|\son[a-z]+/.test(bare) &&
    !/(?:href|src|action)="(?!\/(?!\/)|#)/.test(tag)
  );
}
