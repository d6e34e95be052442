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
  // A field of a form holds what was written.
  const shown = html.replaceAll(/ value="[^"]*"/g, '');
  for (const raw of ['<img', '\u202e']) {
    const found = shown.indexOf(raw);
    expect(found === -1 ? '' : shown.slice(Math.max(0, found - 300), found + 50)).toBe('');
  }
  expect(html.match(/<script/g)).toHaveLength(1);
  // Every tag, with what its attributes hold left out, has only plain attributes.
  const tags = html.match(/<[a-z][^<>]*>/g) ?? [];
  for (const tag of tags) {
    const bare = tag.replaceAll(/="[^"]*"/g, '');
    expect(bare).toMatch(/^<[a-z0-9]+(?:\s+[a-zA-Z0-9-]+)*\s*\/?>$/);
    expect(bare).not.toMatch(/\son[a-z]+/);
    expect(tag).not.toMatch(/(?:href|src)="(?!\/|#)/);
  }
}
