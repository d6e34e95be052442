import { cutText } from '../../text/cut-text.ts';
import { renderCount } from '../../text/render-count.ts';
import type { AnomalyConfig } from '../alerts-config.ts';
import type { AnomalyCause, SweepAnomaly } from '../message.ts';

/** The new states of a sweep's keys; each changed key is counted once. */
export type Turned = SweepAnomaly['turned'];

/** How many keys with an earlier verdict answered or left, and how many of them changed. */
export interface KeyChangeCounts {
  readonly compared: number;
  readonly turned: Turned;
}

/** The same counts for one source; `changed` includes missing keys and those that left. */
export interface SourceChanges {
  readonly source: string;
  readonly compared: number;
  readonly changed: number;
  readonly missing: number;
}

/** Where the changes are; each list starts with the highest count. */
export interface ChangeSpread {
  readonly sources: readonly SourceChanges[];
  /** The rules that judge keys differently than before, with the number of these keys. */
  readonly rules: readonly { readonly rule: string; readonly keys: number }[];
  /** The fields, readable before, that are missing from keys which became unknown. */
  readonly fields: readonly { readonly field: string; readonly keys: number }[];
  /** The fields, readable before and now, that have another value at keys with another verdict. */
  readonly facts: readonly { readonly field: string; readonly keys: number }[];
}

export interface PolicyStamp {
  readonly version: string;
  readonly hash: string;
}

export interface AnomalyInput {
  readonly counts: KeyChangeCounts;
  readonly spread: ChangeSpread;
  readonly policy: { readonly before: PolicyStamp; readonly now: PolicyStamp };
  /** Files of the inventory that hold no keys, as the configuration names them. */
  readonly emptyInventoryFiles: readonly string[];
}

/** An anomaly, before its waiting changes are counted. */
export type Anomaly = Pick<SweepAnomaly, 'compared' | 'changed' | 'turned' | 'cause' | 'detail'>;

function countChanged(turned: Turned): number {
  return Object.values(turned).reduce((sum, keys) => sum + keys, 0);
}

/** Whether more than the share of keys changed, and at least the least number. */
export function isAnomalous(
  { compared, turned }: KeyChangeCounts,
  { changed: share, atLeast }: AnomalyConfig,
): boolean {
  const changed = countChanged(turned);
  return changed >= atLeast && isMoreThan(changed, share, compared);
}

/** The finest share that configuration can name is a thousandth of a percent. */
const finest = 100_000;

/** In whole numbers: 0.57 of 100 is a little less than 57 as a float. */
function isMoreThan(changed: number, share: number, compared: number): boolean {
  return changed * finest > Math.round(share * finest) * compared;
}

/** Describes the changes and their likely cause. Undefined if the changes are within the limits. */
export function planAnomaly(input: AnomalyInput, config: AnomalyConfig): Anomaly | undefined {
  if (!isAnomalous(input.counts, config)) return undefined;
  const { compared, turned } = input.counts;
  const changed = countChanged(turned);
  const facts: Facts = { ...input, share: config.changed, changed, of: `of ${compared} keys` };
  for (const [cause, explain] of explanations) {
    const detail = explain(facts);
    if (detail !== undefined) return { compared, changed, turned, cause, detail };
  }
  return { compared, changed, turned, cause: 'unclear', detail: describeTurned(facts) };
}

interface Facts extends AnomalyInput {
  readonly share: number;
  readonly changed: number;
  /** `of 400 keys` */
  readonly of: string;
}

/** Returns a sentence if the cause explains most changes. It holds no vendor text. */
type Explain = (facts: Facts) => string | undefined;

/**
 * The first explanation of most changes becomes the cause. Causes that exclude all others come
 * first: no policy makes keys leave or go missing, or makes a field unreadable or changes it. A changed policy
 * comes next, because it says more than the rule or the source in which it shows.
 */
const explanations: readonly (readonly [Exclude<AnomalyCause, 'unclear'>, Explain])[] = [
  ['inventory-shrank', explainLeft],
  ['keys-missing', explainMissing],
  ['field-missing', explainField],
  ['facts-changed', explainFacts],
  ['policy-changed', explainPolicy],
  ['one-rule', explainRule],
  ['one-source', explainSource],
];

/** At least four of five changed keys; in whole numbers, so that exactly four of five count. */
function isMost(keys: number, changed: number): boolean {
  return keys * 5 >= changed * 4;
}

function explainLeft({ counts, changed, of, emptyInventoryFiles }: Facts): string | undefined {
  const { left } = counts.turned;
  if (!isMost(left, changed)) return undefined;
  const [first, ...more] = emptyInventoryFiles;
  if (first === undefined) return `${left} ${of} left the inventory`;
  const named = nameSome([first, ...more]);
  const hold = more.length === 0 ? 'holds' : 'hold';
  return `${left} ${of} left the inventory, and ${named} ${hold} no keys`;
}

function explainMissing({ counts, spread, changed, of }: Facts): string | undefined {
  const { missing } = counts.turned;
  if (!isMost(missing, changed)) return undefined;
  const sources = [...spread.sources]
    .filter((one) => one.missing > 0)
    .sort((a, b) => b.missing - a.missing)
    .map((one) => `${one.missing} of ${one.compared} of source ${one.source}`);
  const where = nameSome(sources);
  return `${missing} ${of} are missing now (${where}), as with wrong credentials or a wrong base URL`;
}

function explainField({ spread, changed, of }: Facts): string | undefined {
  const fields = spread.fields.filter(({ keys }) => isMost(keys, changed));
  const [first] = fields;
  if (first === undefined) return undefined;
  const named = nameSome(fields.map(({ field }) => field));
  const what = fields.length === 1 ? `the field ${named}` : `the fields ${named}`;
  return `${what} can no longer be read or used for ${first.keys} ${of}`;
}

function explainFacts({ spread, changed, of }: Facts): string | undefined {
  const facts = spread.facts.filter(({ keys }) => isMost(keys, changed));
  const [first] = facts;
  if (first === undefined) return undefined;
  return `${nameSome(facts.map(({ field }) => field))} changed for ${first.keys} ${of}`;
}

function explainPolicy({ counts, policy, changed, of }: Facts): string | undefined {
  const { before, now } = policy;
  const judged = changed - counts.turned.left - counts.turned.missing;
  if (before.hash === now.hash || !isMost(judged, changed)) return undefined;
  const what =
    before.version === now.version
      ? `the policy changed and is version ${now.version} still`
      : `the policy changed from version ${before.version} to ${now.version}`;
  return `${what}; ${judged} ${of} are judged otherwise than before`;
}

function explainRule({ spread, changed, of }: Facts): string | undefined {
  const [first] = spread.rules;
  if (first === undefined || !isMost(first.keys, changed)) return undefined;
  return `the rule ${first.rule} judges ${first.keys} ${of} otherwise than before`;
}

/**
 * Applies only if the other sources stayed within the limit: a large source has most changes
 * anyway.
 */
function explainSource({ counts, spread, share, changed }: Facts): string | undefined {
  const [first] = spread.sources;
  if (first === undefined || !isMost(first.changed, changed)) return undefined;
  const others = counts.compared - first.compared;
  const elsewhere = changed - first.changed;
  if (others === 0 || isMoreThan(elsewhere, share, others)) return undefined;
  const here = `${first.changed} of the ${renderCount(first.compared, 'key')} of source ${first.source}`;
  return `${here} changed, and ${elsewhere} of the ${renderCount(others, 'key')} of others`;
}

const turnedWords: Readonly<Record<keyof Turned, string>> = {
  pass: 'to pass',
  fail: 'to fail',
  waived: 'waived',
  unknown: 'unknown',
  missing: 'missing',
  left: 'gone from the inventory',
};

function describeTurned({ counts, changed, of }: Facts): string {
  const words = Object.entries(turnedWords) as [keyof Turned, string][];
  const parts = words
    .filter(([turned]) => counts.turned[turned] > 0)
    .map(([turned, word]) => `${counts.turned[turned]} ${word}`);
  return `nothing explains most of it: ${changed} ${of} changed: ${parts.join(', ')}`;
}

const mostNamed = 3;
const longestName = 100;

function nameSome(names: readonly string[]): string {
  const named = names.slice(0, mostNamed).map((name) => cutText(name, longestName));
  const more = names.length - named.length;
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`;
}
