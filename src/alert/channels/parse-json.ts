/** Undefined where it is no JSON: what the text is to be is the caller's to check. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
