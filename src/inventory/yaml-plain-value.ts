/** In one line and without escapes. */
const quotedText = /^(?:"([^"\\\p{Cc}]*)"|'([^'\p{Cc}]*)')$/u;
/** Letters of most scripts. */
const letters = '\\w\\u00c0-\\u1fff\\u3041-\\ud7ff';
const inside = `[${letters}/$(.@+=~^)&*!|<>%?;,'-]`;
/** Begins with no sign of YAML's, and holds neither `: ` nor ` #` nor brackets nor two spaces. */
const bareText = new RegExp(`^[${letters}/$(](?:${inside}|[ :](?=${inside}))*$`);
const bareNull = /^(?:null|Null|NULL|~)$/;
const noText =
  /^(?:true|True|TRUE|false|False|FALSE|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+)$/;

/** A text, null or list of texts; undefined when it is not plain, or something else. */
export function readPlainValue(said: string): string | null | readonly string[] | undefined {
  if (!said.startsWith('[')) return readPlainText(said);
  if (!said.endsWith(']')) return undefined;
  const entries = said.slice(1, -1).replace(/^ +| +$/g, '');
  if (entries === '') return [];
  const texts = entries.split(/ *, */).map(readPlainText);
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}

/** A text in quotes or not, or null; undefined when it is not plain, or something else. */
export function readPlainText(said: string): string | null | undefined {
  const quoted = quotedText.exec(said);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (bareNull.test(said)) return null;
  return bareText.test(said) && !noText.test(said) ? said : undefined;
}
