/**
 * The fields of an input that say something, as `name=value`. Unlike JSON, it has places to break a
 * line.
 */
export function renderAuditInput(input: object): string {
  return fieldsOf(input).join(', ');
}

function fieldsOf(input: object): readonly string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    const words = wordsFor(value);
    return words === '' ? [] : [`${name}=${words}`];
  });
}

function wordsFor(value: unknown): string {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return `[${value.map(wordsFor).join(', ')}]`;
  return typeof value === 'object' ? fieldsOf(value).join(' ') : String(value);
}
