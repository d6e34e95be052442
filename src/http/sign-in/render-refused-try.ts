const reasons = {
  token: 'This token is not known.',
  link: 'This link was used before, or is older than 10 minutes. Sign in with the token.',
} as const;

/** Why somebody is not signed in. `wait`: seconds, if nothing more may be tried before. */
export function renderRefusedTry(by: keyof typeof reasons, wait: string | undefined): string {
  if (wait === undefined) return reasons[by];
  return `Too many wrong tokens came from your address. Try again in ${wait} seconds.`;
}
