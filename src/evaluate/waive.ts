import type { CompiledWaiver, CompiledWaivers } from './compile-waivers.ts';
import { digestKey } from './digest-key.ts';
import type { Violation, WaiverChange } from './judgement.ts';
import { applies } from './match.ts';
import type { Subject } from './rule.ts';

/** The violations of a key with the waivers that cover them, and what becomes of those. */
export interface Waived {
  readonly violations: readonly Violation[];
  readonly changes: readonly WaiverChange[];
}

const noChanges: readonly WaiverChange[] = [];

/**
 * Finds the waiver that covers each violation: one that has not ended, for a key that is still what
 * it was given for. While type or scopes cannot be read, nothing says that the key changed. The
 * waiver that lives longest goes first.
 */
export function waive(
  violations: readonly Violation[],
  subject: Subject,
  waivers: CompiledWaivers,
): Waived {
  const { waived } = subject.history;
  if (!waivers.any || (violations.length === 0 && waived.size === 0)) {
    return { violations, changes: noChanges };
  }
  const digest = subject.exists ? digestKey(subject) : undefined;
  const changes = new Map<string, WaiverChange>();
  for (const [hash, before] of waived) {
    const waiver = waivers.hashes().get(hash);
    if (waiver === undefined || before.void || digest === undefined) continue;
    if (before.digest === digest) continue;
    changes.set(hash, { waiver: waiver.id, hash, digest: before.digest, void: true });
  }
  const covered = violations.map((violation) => {
    const waiver = waivers
      .find(violation.rule, subject.source, subject.keyId)
      .find((one) => covers(one, subject, changes));
    if (waiver === undefined) return violation;
    const { id, hash } = waiver;
    if (digest !== undefined && !waived.has(hash)) {
      changes.set(hash, { waiver: id, hash, digest, void: false });
    }
    return { ...violation, waiver: id };
  });
  return { violations: covered, changes: changes.size === 0 ? noChanges : [...changes.values()] };
}

/** A match that cannot be told holds where it held before, and nowhere else. */
function covers(
  waiver: CompiledWaiver,
  subject: Subject,
  changes: ReadonlyMap<string, WaiverChange>,
): boolean {
  const { asOf, history } = subject;
  if (asOf >= waiver.expires || changes.get(waiver.hash)?.void === true) return false;
  const before = history.waived.get(waiver.hash);
  if (before?.void === true) return false;
  const { answer } = applies(waiver.match, subject);
  return answer === 'yes' || (answer === 'unknown' && before !== undefined);
}
