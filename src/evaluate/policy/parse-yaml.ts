import { parseDocument } from 'yaml';

/** What the text of a policy holds; undefined if it is not valid YAML. */
export function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { schema: 'core', prettyErrors: false });
    return document.errors.length === 0 ? document.toJS() : undefined;
  } catch {
    // An alias without its anchor, or more aliases than the parser allows.
    return undefined;
  }
}
