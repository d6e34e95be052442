import { hashText } from '../../../src/config/files/named-files.ts';
import { parsePolicy } from '../../../src/evaluate/policy/parse-policy.ts';
import type { SweepInputs } from '../../../src/record/sweeps/write-sweep.ts';
import { aTrackedKey, inputs, type Saying } from '../world.ts';

/**
 * March of this year is the month. It lies ahead: while the server waits, libfaketime shows its
 * signal handlers the true time, so under a clock that is behind that, its time limits end at once.
 */
export const year = new Date().getUTCFullYear() + 1;

/** `rest`: the month, the day and the time of an instant of that year, or of one before. */
export const instant = (rest: string, years = 0) => new Date(`${year + years}-${rest}Z`);

/*
 * What the inventory, the policy and the vendor say in each of the nights of a month. The first
 * night is 1; night 0 is before the month.
 */

const createdOn = new Date('2020-01-01T00:00:00Z');
const used = (lastUsed: Date): Saying => ({ details: { createdOn, lastUsed } });

/** From this night on, there is another policy. */
const newPolicyAt = 12;

export function policyOf(night: number): SweepInputs['policy'] {
  const [version, controls] = night < newPolicyAt ? ['1', 'C 1'] : ['2', 'C 1, C 2'];
  const text = `version: "${version}"
rules:
  - { id: stale, type: stale, after: 45d, severity: high, controls: [${controls}] }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: gone, type: missing, severity: low }
waivers:
  - { id: W-1, rule: stale, keys: [{ source: prod, keyId: key_2 }], reason: seasonal job,
      requestedBy: ann, approvedBy: bob, expires: 2099-01-31 }
  - { id: W-2, rule: stale, keys: [{ source: prod, keyId: key_5 }], reason: until the move,
      requestedBy: ann, approvedBy: bob, expires: ${year}-03-20 }
`;
  return { text, hash: hashText(text), policy: parsePolicy(text) };
}

const plain = ['key_0', 'key_1', 'key_2', 'key_3', 'key_4', 'key_5'];
const names = [...plain, 'key_6', 'key_7', 'box_0', 'box_1'];

/** One key gets another owner, and one leaves. */
export function inputsOf(night: number): SweepInputs {
  const owner = night < 10 ? 'eve' : 'zoe';
  const prod = plain.map((keyId) => aTrackedKey(keyId));
  const changing = aTrackedKey('key_6', { owner, tags: ['batch'] });
  const leaving = night < 25 ? [aTrackedKey('key_7')] : [];
  const mail = [0, 1].map((n) => aTrackedKey(`box_${n}`, { source: 'mail', environment: 'live' }));
  return { ...inputs([...prod, changing, ...leaving, ...mail]), policy: policyOf(night) };
}

/** `lastUsed`: of the keys that are in use; before the month, all are. */
export function sayingsOf(night: number, lastUsed: Date): Readonly<Record<string, Saying>> {
  const now = used(lastUsed);
  if (night === 0) return Object.fromEntries(names.map((keyId) => [keyId, now]));
  return {
    ...{ key_0: now, key_6: now, box_0: now },
    key_1: night < 20 ? used(instant('01-01T00:00:00')) : now,
    key_2: used(instant('12-24T00:00:00', -1)),
    key_3: night < 7 ? used(instant('12-05T00:00:00', -1)) : now,
    key_4: night === 15 ? { missing: true } : now,
    key_5: used(instant('12-31T00:00:00', -1)),
    key_7: used(instant('12-20T00:00:00', -1)),
    box_1: { ...now, details: { ...now.details, name: night < 14 ? 'Inbox' : 'Post' } },
  };
}
