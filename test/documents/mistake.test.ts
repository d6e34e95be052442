import { describe, expect, test } from 'vitest';
import { quoted, renderMistake, renderMistakes } from '../../src/documents/mistake.ts';
import { mistakesWhere, mistakesWith } from '../config/workspace.ts';

const mistake = (n: number) => ({ file: 'f', line: n, column: 1, path: 'a.b', message: 'is bad' });

describe('mistakes', () => {
  test('are one line: place, path and what is wrong', () => {
    expect(renderMistake(mistake(7))).toBe('f:7:1 a.b: is bad');
  });

  test('of which there are more than a hundred are counted after the first hundred', () => {
    const some = (count: number) =>
      renderMistakes(Array.from({ length: count }, (_, n) => mistake(n)));
    expect(some(100)).toHaveLength(100);
    expect(some(101)).toHaveLength(101);
    expect(some(101).at(-1)).toBe('and 1 more mistake');
    expect(some(500).at(-1)).toBe('and 400 more mistakes');
  });

  test('cannot command the terminal or add lines', async () => {
    const hostile = '\u001b[31m\nfake.yaml:1:1 a: b\u202e';
    expect(renderMistake({ ...mistake(1), path: hostile, message: hostile })).toMatch(
      /^[\x20-\x7e]+$/,
    );
    const [line] = await mistakesWith('"\\e[31m\\nx": 1\n');
    expect(line).toContain('config/keysweep.yaml:10:1 \\u001b[31m\\u000ax: unknown key');
  });

  test('have a path even where a key is empty', async () => {
    expect(await mistakesWith('"": 1\n')).toEqual([
      expect.stringContaining('config/keysweep.yaml:10:1 "": unknown key'),
    ]);
  });

  test('quote long values in part', () => {
    expect(quoted('k'.repeat(512))).toBe(`"${'k'.repeat(60)}…"`);
  });
});

describe('no mistake shows a secret', () => {
  const canary = 'canary7';
  test.each([
    ['secret-of-app', `{ ${canary}: 1 }`, 'must be text, not a mapping'],
    ['secret-of-app', `"${canary}"${canary}`, 'this does not belong here'],
    ['secret-of-app', `!${canary} x`, 'tags are not allowed'],
    ['secret-of-app', `*${canary}`, 'this alias names nothing'],
    ['secret-of-app', `"${canary}\\q"`, 'in double quotes a backslash begins an escape'],
    ['secret-of-app', `@${canary}`, 'must stand in quotes'],
    ['secret-of-app', `[${canary}`, 'this [ is not closed'],
    ['type: flexcharge', `type: ${canary}`, 'must be flexcharge'],
    [
      'environment: production',
      `baseUrl: "https://u:${canary}@h/"`,
      'must not hold a user name or password',
    ],
  ])('%s -> %s', async (from, to, words) => {
    const lines = (await mistakesWhere(from, to)).join('\n');
    expect(lines).toContain(words);
    expect(lines.replace(`appSecret.${canary}`, '')).not.toContain(canary);
  });

  test.each([
    `alerts: { channels: [{ id: c, type: webhook, url: "ftp://${canary}", secret: "${canary}" }] }`,
    `store: { url: "mysql://u:${canary}@h" }`,
    `queue: { url: "redis://u:${canary}@h/x" }`,
    `queue: { cluster: { nodes: ["u:${canary}@h"] } }`,
  ])('%s', async (lines) => {
    const mistakes = await mistakesWith(`${lines}\n`);
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes.join('\n')).not.toContain(canary);
  });
});
