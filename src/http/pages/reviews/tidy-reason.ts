export const longestReason = 1_000;

/** A reason in one line, as everywhere; empty if there is none. */
export function tidyReason(text: string | undefined): string {
  return text?.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim() ?? '';
}
