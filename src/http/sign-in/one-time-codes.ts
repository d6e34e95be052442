import { hash, randomBytes } from 'node:crypto';

/** Codes that sign in once, for somebody who has the terminal of this process before them. */
export interface OneTimeCodes {
  make(): string;
  /** Whether this is a code that nobody has used yet. It is used up now. */
  use(code: string): boolean;
}

const lastsMs = 600_000;

/** `now`: milliseconds. */
export function createOneTimeCodes(now: () => number = () => performance.now()): OneTimeCodes {
  const endsAt = new Map<string, number>();
  return {
    make() {
      const code = randomBytes(32).toString('base64url');
      endsAt.set(digestOf(code), now() + lastsMs);
      return code;
    },
    use(code) {
      const key = digestOf(code);
      const ends = endsAt.get(key);
      endsAt.delete(key);
      return ends !== undefined && now() < ends;
    },
  };
}

function digestOf(code: string): string {
  return hash('sha256', code);
}
