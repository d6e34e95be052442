/**
 * The characters that JSON leaves unescaped but a terminal obeys or hides: DEL and the C1 controls,
 * direction marks, invisible and format characters. They occur only inside strings, so escaping
 * them keeps the meaning. JSON itself escapes everything below U+0020.
 */
const unsafe = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** Renders a value as JSON that is safe to show in a terminal. */
export function jsonText(value: unknown, spaces?: number): string {
  return JSON.stringify(value, null, spaces).replace(unsafe, escapeUnits);
}

/** Renders an array as JSON, one row per line; `indent` goes before the closing bracket. */
export async function* jsonList(
  rows: AsyncIterable<object> | readonly object[],
  indent: string,
): AsyncIterable<string> {
  let before = `[\n${indent}  `;
  let end = '[]';
  for await (const row of rows) {
    yield before + jsonText(row);
    before = `,\n${indent}  `;
    end = `\n${indent}]`;
  }
  yield end;
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
