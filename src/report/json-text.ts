/**
 * What a terminal would obey or hide and JSON lets stand: DEL and the C1 controls, marks of
 * direction, invisible and format characters. They occur in texts only, so an escape means the
 * same. Everything below U+0020 is escaped by JSON itself.
 */
const unsafe = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** A value as JSON that a terminal shows as it is. */
export function jsonText(value: unknown, spaces?: number): string {
  return JSON.stringify(value, null, spaces).replace(unsafe, escapeUnits);
}

/** An array as JSON, a row a line; `indent` stands before its end. */
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
