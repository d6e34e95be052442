const plainLetters = /^[\x20-\x7e]+$/;

/** Whether a name gives a right. Mails and logins ignore case; letters that look alike do not count. */
export function isSameName(one: string, other: string): boolean {
  if (one === other) return true;
  const isPlain = plainLetters.test(one) && plainLetters.test(other);
  return isPlain && one.toLowerCase() === other.toLowerCase();
}
