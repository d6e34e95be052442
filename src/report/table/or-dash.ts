/** A text, or `–` where there is none: an empty cell would look like a fault of the table. */
export function orDash(text: string | null | undefined): string {
  return text === undefined || text === null || text === '' ? '–' : text;
}
