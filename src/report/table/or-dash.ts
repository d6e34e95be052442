/** A text, or `–` if it is missing: an empty cell would look like a broken table. */
export function orDash(text: string | null | undefined): string {
  return text === undefined || text === null || text === '' ? '–' : text;
}
