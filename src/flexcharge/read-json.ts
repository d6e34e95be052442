import { isUtf8 } from 'node:buffer';

/**
 * The object that a body holds, or undefined where it holds none: not UTF-8, not JSON, not an
 * object, or an object that gives one name twice, of which JSON.parse would silently take the last.
 * A byte order mark is skipped.
 */
export function readJsonObject(body: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(body)) return undefined;
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const namesOnce = countMembers(text) === Object.keys(value).length;
  return namesOnce ? (value as Record<string, unknown>) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const depthChange = new Map([
  ['{', 1],
  ['[', 1],
  ['}', -1],
  [']', -1],
]);

/** Colons outside strings in the outermost object of valid JSON: one for each of its members. */
function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at);
    else if (character === ':' && depth === 1) members += 1;
    else depth += depthChange.get(character) ?? 0;
  }
  return members;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
