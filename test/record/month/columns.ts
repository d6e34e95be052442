/** An edit of a column by SQL. What is not said is made from the type of the column. */
export interface ColumnEdit {
  /** Of a table `t`: the row that is edited. */
  readonly row?: string;
  /** What the column becomes, in terms of the row `t`. */
  readonly set?: string;
  /** What the check must say; null where only who has the key of the log can tell. */
  readonly told?: string | null;
  /** Whether a pack shows it without `differences.json`, because it holds what was edited. */
  readonly inPack?: boolean;
}

/** A column: one edit, several, or why nothing rests on it. */
export type Column = ColumnEdit | readonly ColumnEdit[] | string;

/** A table that evidence rests on. `row` and `told` stand for all columns that say nothing else. */
export interface EvidenceTable {
  readonly row: string;
  readonly told: string;
  readonly inPack?: boolean;
  /** What the check says of a row that is removed; else `told`. Null: nothing, because of this. */
  readonly removed?: string | { readonly because: string };
  readonly columns: Readonly<Record<string, Column>>;
}

/** The tables of the schema: the columns of each, or why nothing rests on it. */
export type EvidenceColumns = Readonly<Record<string, EvidenceTable | string>>;

/** A sweep of the month: its row, its id, the number of its leaf, and how lines name it. */
export interface Place {
  readonly row: number;
  readonly sweep: string;
  readonly leaf: number;
  readonly told: string;
}

/** What edits and lines of the month name. */
export interface Places {
  /** A night like others. */
  readonly plain: Place;
  /** The night in which an unused key was used. */
  readonly woke: Place;
  /** When the tick of the plain night, the missed one and the skipped one were due. */
  readonly due: Readonly<Record<'plain' | 'missed' | 'skipped', string>>;
  readonly review: string;
}

const told = {} as const;
const hourLater = `due_at + interval '1 hour'`;
const work = 'how far the work of an open sweep has come';
const sending = 'what was sent to whom: receivers keep that themselves';
const shown = 'made anew from evidence, to be shown or found sooner';
const linked = 'a number of another row, which is compared through that row';
const later = 'what the next sweep starts from: its evidence says what it judged by';

const allTold = (...names: readonly string[]): Readonly<Record<string, Column>> =>
  Object.fromEntries(names.map((name) => [name, told]));
const because = (why: string, ...names: readonly string[]): Readonly<Record<string, Column>> =>
  Object.fromEntries(names.map((name) => [name, why]));

export const logTables = ({ plain }: Places): EvidenceColumns => ({
  log_head: {
    ...{ row: 'true', told: 'the head of the log', removed: 'is now over 0' },
    columns: {
      single: 'there is one row',
      installation: told,
      size: { told: 'the log has another number of leaves than its head says' },
      at: told,
    },
  },
  log_leaf: {
    ...{ row: `n = ${plain.leaf}`, told: `leaf ${plain.leaf}`, inPack: true },
    columns: {
      ...allTold('n', 'body', 'hash'),
      at: { inPack: false },
    },
  },
  log_tile: {
    ...{ row: 'level = 0 and n = 0', told: 'tile/0/000', inPack: true },
    columns: allTold('level', 'n', 'root', 'hashes'),
  },
  checkpoint: {
    row: `size = ${plain.leaf + 1}`,
    told: `checkpoint ${plain.leaf + 1}`,
    removed: { because: 'a later one stands for the same leaves' },
    columns: {
      size: { told: 'checkpoint 1', inPack: true },
      note: [
        { set: String.raw`regexp_replace(note, '\n[0-9]+\n', E'\n7\n')`, inPack: true },
        {
          set: String.raw`regexp_replace(note, '(— \S+ ....)....', '\1AAAA')`,
          inPack: true,
        },
      ],
      signed_at: 'when its row was written; no note says it, and witnesses and mails give times',
    },
  },
  log_object: {
    ...{ row: `encode(hash, 'hex') = (${nameOf(plain, 'changes')})`, told: plain.told },
    inPack: true,
    columns: allTold('hash', 'body'),
  },
  log_fact: {
    ...{ row: `kind = 'schedule'`, told: 'schedule nightly' },
    columns: {
      ...allTold('kind', 'name'),
      value: [
        told,
        { row: `kind = 'retention'`, told: 'retention' },
        { row: `kind = 'policy'`, told: 'policy' },
        { row: `kind = 'inventory'`, told: 'inventory' },
        {
          row: `kind = 'waiver' and value like '%W-1%'`,
          set: `replace(value, '2099', '2098')`,
          told: 'waiver W-1',
        },
      ],
    },
  },
  adopted_seal: {
    ...{ row: `hash = repeat('1', 64)`, told: 'the seals of earlier builds' },
    columns: {
      id: { set: 'id + 1000' },
      sweep_id: linked,
      ...allTold('sweep', 'previous', 'evidence', 'hash'),
      sealed_at: 'no build put it under a seal',
      ...allTold('format', 'differs'),
    },
  },
});

/** The name of an object of a leaf. */
function nameOf({ leaf }: Place, subject: string): string {
  return `select s -> 'digest' ->> 'sha256' from keysweep.log_leaf,
    jsonb_array_elements(body::jsonb -> 'subject') s where n = ${leaf} and s ->> 'name' = '${subject}'`;
}

export const sweepTables = ({ plain, due }: Places): EvidenceColumns => ({
  sweep: {
    ...{ row: `uuid = '${plain.sweep}'`, told: plain.told },
    columns: {
      id: { inPack: true },
      uuid: { inPack: true },
      trigger: { set: `'catch-up'` },
      ...allTold('schedule', 'due_at', 'opened_at', 'deadline_at', 'closed_at'),
      scope: { set: `'partial'` },
      policy_id: { set: '(select max(id) from keysweep.policy)' },
      status: { set: `'incomplete'` },
      ...allTold('tracked', 'pass', 'fail', 'waived', 'unknown', 'partial'),
      seed: { inPack: true },
      ...allTold('simulated', 'leaf', 'closing'),
      stopped_at: 'that somebody ended it early; its leaf says what was not judged',
      approved_waivers:
        'which waivers counted; the judgement of each key names the one that covers it',
      ...because(work, 'open_batches', 'refused_sources'),
      ...because(sending, 'unknown_hash', 'held', 'held_ended_at', 'anomaly'),
    },
  },
  sweep_batch: {
    ...{ row: `sweep_id = ${plain.row} and batch = 0`, told: plain.told },
    columns: {
      ...Object.fromEntries(
        ['sweep_id', 'batch', 'source'].map((name) => [name, { inPack: true }] as const),
      ),
      list_id: {
        set: `(select max(id) from keysweep.key_list where id <> t.list_id)`,
        inPack: true,
      },
      first_key: told,
      done_at: { set: 'null' },
      ...because(work, 'pending', 'round', 'attempts', 'fence_token', 'leased_until'),
      ...because(work, 'asked_again_at', 'waits_for'),
    },
  },
  key_list: {
    row: `id = (select list_id from keysweep.sweep_batch
      where sweep_id = ${plain.row} and source = 'prod')`,
    ...{ told: plain.told, inPack: true },
    columns: {
      ...allTold('id', 'hash'),
      first_key: { inPack: false },
      last_key: { inPack: false },
      key_ids: { set: 'key_ids[2:] || key_ids[:1]' },
      entry_ids: { set: 'entry_ids[8:] || entry_ids[:7]' },
    },
  },
  pack: {
    row: `sweep_id = ${plain.row}
      and batch = (select batch from keysweep.sweep_batch where sweep_id = ${plain.row} and source = 'prod')`,
    ...{ told: plain.told, inPack: true },
    columns: {
      ...allTold('sweep_id', 'batch', 'hash', 'keys_root'),
      ...Object.fromEntries(
        ['pass', 'fail', 'waived', 'unknown', 'partial'].map((name) => [
          name,
          { inPack: false, told: `${plain.told}, batch 1 of prod` },
        ]),
      ),
      observed_from: told,
      verdicts: { set: setAt('verdicts', 'key_1', '1::smallint'), told: key(plain, 'key_1') },
      observation_ids: {
        set: setAt('observation_ids', 'key_1', 'null::integer'),
        told: key(plain, 'key_1'),
      },
      observed_ms: {
        set: setAt('observed_ms', 'key_1', `observed_ms[${placeOfKey('key_1')}] + 1000`),
        told: key(plain, 'key_1'),
      },
      last_used: { set: setAt('last_used', 'key_1', 'now()'), told: key(plain, 'key_1') },
      judgements: {
        set: setAt('judgements', 'key_1', 'null::jsonb'),
        told: `${plain.told}, batch 1 of prod`,
      },
    },
  },
  tick: {
    ...{ row: `due_at = '${due.plain}'`, told: plain.told },
    columns: {
      schedule: told,
      due_at: [
        { set: hourLater },
        { row: `due_at = '${due.missed}'`, set: hourLater, told: due.missed },
        { row: `due_at = '${due.skipped}'`, set: hourLater, told: due.skipped },
      ],
      outcome: [
        { set: `'missed'` },
        { row: `outcome = 'missed'`, set: `'opened'`, told: due.missed },
        { row: `outcome = 'skipped'`, set: `'opened'`, told: due.skipped },
      ],
      trigger: { set: `'catch-up'` },
      sweep_id: { set: 'null' },
      decided_at: 'when its row was written; its leaf says when that was told',
      first_due_at: { row: `outcome = 'missed'`, told: due.missed },
      ticks: [told, { row: `outcome = 'missed'`, told: due.missed }],
      simulated: [told, { row: `outcome = 'missed'`, told: due.missed }],
    },
  },
  schedule: {
    ...{ row: 'true', told: 'schedule nightly' },
    columns: {
      ...allTold('id', 'cron', 'timezone'),
      first_seen_at: 'the log says itself from when its ticks are due',
      decided_until: { set: `decided_until - interval '20 days'` },
    },
  },
});

const placeOfKey = (name: string) => `array_position(
  (select l.key_ids from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id
    where b.sweep_id = t.sweep_id and b.batch = t.batch),
  (select id from keysweep.tracked_key where key_id = '${name}'))`;

/** The array of a pack with another value for a key. */
function setAt(column: string, name: string, value: string): string {
  const n = placeOfKey(name);
  return `t.${column}[:${n} - 1] || array[${value}] || t.${column}[${n} + 1:]`;
}

function key({ told: where }: Place, name: string): string {
  return `${where}, key prod/${name}: the key was changed`;
}

const keyRow = (name: string) => `(select id from keysweep.tracked_key where key_id = '${name}')`;

const sighted = { row: `key_id = 'key_2'`, told: 'key prod/key_2, rule stale' };

export const keyTables = ({ plain }: Places): EvidenceColumns => ({
  policy: {
    ...{ row: `version = '1'`, told: 'policy 1', removed: plain.told },
    columns: {
      id: { told: plain.told },
      hash: told,
      version: { told: 'policy 1x' },
      text: { inPack: true },
      stored_at: 'the log says when a policy was first used',
    },
  },
  observation: {
    row: `id = (select observation_id from keysweep.sweep_key
      where sweep_id = ${plain.row} and key_id = ${keyRow('key_1')})`,
    ...{ told: 'key prod/key_1', removed: plain.told, inPack: true },
    columns: { id: { told: plain.told }, ...allTold('hash', 'content') },
  },
  inventory_entry: {
    ...{ row: `owner = 'eve'`, told: 'what the inventory says', inPack: true },
    columns: {
      id: { told: plain.told },
      hash: { inPack: false },
      ...allTold('owner', 'environment', 'approved_scopes', 'tags'),
    },
  },
  tracked_key: {
    ...{ row: `key_id = 'key_1'`, told: 'key prod/key_1', removed: plain.told },
    columns: {
      id: { told: plain.told, inPack: true },
      source: { told: plain.told, inPack: true },
      key_id: { told: plain.told, inPack: true },
      entry_id: { set: `(select entry_id from keysweep.tracked_key where key_id = 'key_6')` },
      tracked_at: later,
      untracked_at: { set: 'now()' },
      ...allTold('observed_at', 'last_used', 'observation_id', 'observed_entry_id'),
      ...allTold('verdict', 'verdict_at', 'known_at', 'seen_at', 'seen_last_used'),
      ...allTold('seen_created_on', 'seen_type', 'seen_last_four', 'seen_name'),
      sightings: [
        { ...sighted, set: `jsonb_set(sightings, '{stale,facts,idleDays}', '1')` },
        { ...sighted, set: `jsonb_set(sightings, '{stale,at}', '"2020-01-01T00:00:00.000Z"')` },
        { ...sighted, set: 'null' },
      ],
      first_scopes: later,
    },
  },
  waived_key: {
    row: `key_id = ${keyRow('key_2')}`,
    ...{ told: 'key prod/key_2', removed: { because: later } },
    columns: {
      digest: { set: `repeat('0', 64)` },
      ...because(later, 'key_id', 'waiver_hash', 'voided_at'),
      sweep_id: 'of which sweep its digest is; another one with the same key says the same',
    },
  },
  inventory: later,
  waiver_approval: {
    ...{ row: 'true', told: 'waiver W-1' },
    columns: {
      ...allTold('hash', 'approver', 'waiver', 'by_name', 'known', 'subject', 'mail'),
      person: 'the login, so that nobody approves twice; the leaf has the subject of that login',
      at: told,
    },
  },
});

export const findingTables = ({ woke }: Places): EvidenceColumns => ({
  finding: {
    ...{ row: `key_text = 'key_3' and rule = 'woke'`, told: 'key prod/key_3, rule woke' },
    columns: {
      id: told,
      key_id: { set: keyRow('key_4') },
      ...Object.fromEntries(
        ['source', 'key_text', 'rule', 'fingerprint'].map((name) => [name, { told: 'rule woke' }]),
      ),
      ...allTold('type', 'severity', 'controls', 'facts'),
      state: { set: `'open'` },
      policy_id: 'which policy saw it last; the sweep names its own',
      ...allTold('first_seen_at', 'resolved_at', 'resolution'),
      last_seen_at: told,
      waiver: {
        row: `key_text = 'key_2' and rule = 'stale'`,
        set: `waiver || '{"reason": "other"}'`,
        told: 'key prod/key_2, rule stale',
      },
      waived_until: {
        row: `key_text = 'key_2' and rule = 'stale'`,
        told: 'key prod/key_2, rule stale',
      },
      ...because(sending, 'opened_to', 'told_at'),
      first_seen_simulated: told,
    },
  },
  finding_event: {
    row: `kind = 'opened' and finding_id = (select id from keysweep.finding
      where key_text = 'key_3' and rule = 'woke')`,
    told: `${woke.told}, key prod/key_3, rule woke`,
    columns: {
      id: linked,
      finding_id: told,
      sweep_id: told,
      kind: { set: `'reopened'` },
      at: told,
      resolution: told,
      facts: told,
      was: { set: `'resolved'`, told: 'key prod/key_3, rule woke' },
      note: [
        { told: 'key prod/key_3, rule woke' },
        {
          row: `kind = 'waived' and finding_id = (select id from keysweep.finding
            where key_text = 'key_2' and rule = 'stale')`,
          set: `note || '{"reason": "other"}'`,
          told: 'key prod/key_2, rule stale',
        },
        {
          row: `resolution = 'acknowledged' and finding_id = (select id from keysweep.finding
            where key_text = 'key_3' and rule = 'woke')`,
          set: `note || '{"by": "eve"}'`,
          told: 'key prod/key_3, rule woke',
        },
      ],
      planned_at: sending,
    },
  },
});

export const reviewTables = ({ review }: Places): EvidenceColumns => ({
  review: {
    ...{ row: `uuid = '${review}'`, told: review },
    columns: {
      id: told,
      ...allTold('uuid', 'review', 'due_at', 'opened_at', 'answer_by', 'keys', 'listed_hash'),
      trigger: { set: `'catch-up'` },
      passed_over: 'how many campaigns nobody opened before; shown beside it',
      opened_as: told,
      terms: 'what the configuration asked for; the leaf has what came of it',
      ...allTold('closed_as', 'closed_reason', 'signed_as', 'signed_reason'),
      closed_at: [told, { set: 'null' }],
      signed_at: [told, { set: 'null' }],
    },
  },
  review_sheet: {
    ...{ row: 'sheet = 0', told: review },
    columns: {
      ...allTold('review_id', 'sheet', 'owner'),
      ...because(shown, 'keys', 'answered'),
    },
  },
  review_key: {
    row: `key_text = 'key_6'`,
    told: review,
    columns: {
      ...allTold('review_id', 'place', 'source', 'key_text', 'listed', 'decision_id'),
      sheet: { set: '1 - sheet' },
      key_id: linked,
    },
  },
  review_decision: {
    ...{ row: `decision = 'revoke'`, told: review },
    columns: {
      id: { told: review },
      ...allTold('review_id', 'place', 'reason', 'decided_as'),
      decision: { set: `'reduce'` },
      decided_at: told,
    },
  },
  review_link: 'to whom links went; the leaf of a decision says by which it was made',
  review_notice: sending,
  review_schedule: 'when a campaign is due next; its leaf says when it was due',
});

export const otherTables: EvidenceColumns = {
  ...Object.fromEntries(
    ['alert', 'alert_event', 'alert_after', 'channel_pace', 'delivery', 'contact'].map(
      (name) => [name, sending] as const,
    ),
  ),
  audit_record: 'who asked for what; the log says what became of it',
  request: 'who asked for a sweep, and why; the log says that one was asked for',
  key_result: work,
  ...{ source_wait: work, source_pace: work, canary: work },
  ...{ fleet_group: shown, key_text: shown },
  rejection: sending,
  session: 'who is signed in',
  migration: 'which build made the tables',
  kysely_migration_lock: 'which build makes the tables',
};
