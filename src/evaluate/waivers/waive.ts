import type { Violation, WaiverChange } from '../judgement.ts';
import { applies } from '../policy/match.ts';
import type { Subject } from '../rule.ts';
import type { CompiledWaiver, CompiledWaivers } from './compile-waivers.ts';
import { digestKey } from './digest-key.ts';

/** The violations of a key with the waivers that cover them, and what becomes of those. */
export interface Waived {
  readonly violations: readonly Violation[];
  readonly changes: readonly WaiverChange[];
}

const noChanges: readonly WaiverChange[] = [];

/**
 * Finds the waiver that covers each violation: one that has not ended, for a key that is still what
 * it was given for. While type or scopes cannot be read, nothing says that the key changed. Of
 * several the one that lives longest is named.
 */
export function waive(
  violations: readonly Violation[],
  subject: Subject,
  waivers: CompiledWaivers,
): Waived {
  const { history, source, keyId } = subject;
  if (!waivers.any || (violations.length === 0 && history.waived.size === 0)) {
    return { violations, changes: noChanges };
  }
  const voided = findVoided(subject, waivers);
  const gone = new Set(voided.map(({ hash }) => hash));
  const holds = (waiver: CompiledWaiver) => covers(waiver, subject, gone);
  const covering = violations.map(({ rule }) => waivers.find(rule, source, keyId).filter(holds));
  const covered = violations.map((violation, place) => {
    const [longest] = covering[place] ?? [];
    return longest === undefined ? violation : { ...violation, waiver: longest.id };
  });
  return { violations: covered, changes: [...voided, ...findFirst(covering.flat(), subject)] };
}

/** The waivers that end here and now, because the key is not what they were given for. */
function findVoided(subject: Subject, waivers: CompiledWaivers): readonly WaiverChange[] {
  const { waived } = subject.history;
  const digest = waived.size === 0 ? undefined : digestOf(subject);
  if (digest === undefined) return noChanges;
  return [...waived].flatMap(([hash, before]) => {
    const waiver = waivers.hashes().get(hash);
    if (waiver === undefined || before.void || before.digest === digest) return [];
    return [{ waiver: waiver.id, hash, digest: before.digest, void: true }];
  });
}

/**
 * The waivers that cover the key for the first time, for what it is now. All of them, and not only
 * those that are named: or one that lies in reserve would cover a key that changed since.
 */
function findFirst(covering: readonly CompiledWaiver[], subject: Subject): readonly WaiverChange[] {
  const { waived } = subject.history;
  const first = new Set(covering.filter(({ hash }) => !waived.has(hash)));
  const digest = first.size === 0 ? undefined : digestOf(subject);
  if (digest === undefined) return noChanges;
  return [...first].map(({ id, hash }) => ({ waiver: id, hash, digest, void: false }));
}

function digestOf(subject: Subject): string | undefined {
  return subject.exists ? digestKey(subject) : undefined;
}

/** A match that cannot be told holds where it held before, and nowhere else. */
function covers(waiver: CompiledWaiver, subject: Subject, gone: ReadonlySet<string>): boolean {
  const { asOf, history } = subject;
  if (asOf >= waiver.expires || gone.has(waiver.hash)) return false;
  const before = history.waived.get(waiver.hash);
  if (before?.void === true) return false;
  const { answer } = applies(waiver.match, subject);
  return answer === 'yes' || (answer === 'unknown' && before !== undefined);
}
