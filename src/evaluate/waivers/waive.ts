import type { Violation, WaiverChange } from '../judgement.ts';
import { applies } from '../policy/match.ts';
import type { Subject } from '../rule.ts';
import type { CompiledWaiver, CompiledWaivers } from './compile-waivers.ts';
import { digestKey } from './digest-key.ts';

/** The violations of a key with the waivers that cover them, and the changes of waivers. */
export interface Waived {
  readonly violations: readonly Violation[];
  readonly changes: readonly WaiverChange[];
}

const noChanges: readonly WaiverChange[] = [];

/**
 * Finds the waiver that covers each violation: it has not ended, and the key still has the type and
 * scopes of the waiver's baseline. While these are unreadable, the key counts as unchanged. If
 * several waivers cover a violation, the one that ends last is named.
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

/** The waivers that become void now, because the key differs from their baseline. */
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
 * The waivers that cover the key for the first time. Those that are not named get a baseline too:
 * otherwise one of them could later cover a key that has changed.
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

/** If the match is unknown, the waiver covers the key only if it covered it before. */
function covers(waiver: CompiledWaiver, subject: Subject, gone: ReadonlySet<string>): boolean {
  const { asOf, history } = subject;
  if (asOf >= waiver.expires || gone.has(waiver.hash)) return false;
  const before = history.waived.get(waiver.hash);
  if (before?.void === true) return false;
  const { answer } = applies(waiver.match, subject);
  return answer === 'yes' || (answer === 'unknown' && before !== undefined);
}
