import { isUtf8 } from 'node:buffer';

export type JsonObjectRead =
  | { readonly ok: true; readonly object: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: string };

/**
 * The object that a body holds, or a text that says why it holds none: not UTF-8, not JSON, not an
 * object, or an object that gives one name twice (JSON.parse would silently take the last). A byte
 * order mark is skipped.
 */
export function readJsonObject(body: Buffer): JsonObjectRead {
  if (!isUtf8(body)) return { ok: false, why: 'a body that is not UTF-8' };
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, why: 'a body that is no JSON object' };
  }
  if (countMembers(text) !== Object.keys(value).length) {
    return { ok: false, why: 'a JSON object that gives one name twice' };
  }
  return { ok: true, object: value as Record<string, unknown> };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;

/** `{` and `[` go one level down, `}` and `]` one up. */
function depthChange(code: number): number {
  if (code === 0x7b || code === 0x5b) return 1;
  return code === 0x7d || code === 0x5d ? -1 : 0;
}

/** Colons outside strings in the outermost object of valid JSON: one for each of its members. */
function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === colon && depth === 1) members += 1;
    else depth += depthChange(code);
  }
  return members;
}

/** The closing quote: the next one after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === backslash) before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}
