import { isIPv6 } from 'node:net';

/** Holds off addresses that send wrong tokens. */
export interface HoldOff {
  /** How long this address must wait, in seconds; 0 if it may try. */
  secondsLeft(address: string): number;
  noteWrong(address: string): void;
}

const mostWrong = 20;
const windowMs = 60_000;
/** Enough for everybody who errs, and little memory for somebody who has many addresses. */
const mostAddresses = 10_000;

/**
 * After 20 wrong tokens within a minute, an address gets no more tries until that minute ends, not
 * even with a right token: else guessing would go on. `now`: milliseconds.
 */
export function createHoldOff(now: () => number = () => performance.now()): HoldOff {
  const known = new Map<string, { wrong: number; readonly until: number }>();
  const find = (address: string) => {
    const key = networkOf(address);
    const found = known.get(key);
    if (found !== undefined && found.until <= now()) known.delete(key);
    return { key, found: known.get(key) };
  };
  return {
    secondsLeft(address) {
      const { found } = find(address);
      if (found === undefined || found.wrong < mostWrong) return 0;
      return Math.ceil((found.until - now()) / 1_000);
    },
    noteWrong(address) {
      const { key, found } = find(address);
      if (found !== undefined) {
        found.wrong += 1;
        return;
      }
      const [oldest] = known.keys();
      if (oldest !== undefined && known.size >= mostAddresses) known.delete(oldest);
      known.set(key, { wrong: 1, until: now() + windowMs });
    },
  };
}

/** One machine may use every address of its IPv6 network of 64 bits. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter((part) => part !== '');
  const after = (tail ?? '').split(':').filter((part) => part !== '');
  const zeros = tail === undefined ? [] : Array(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
