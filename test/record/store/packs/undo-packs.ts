import { undoPeople } from '../undo-people.ts';
import { undoReviews } from '../undo-reviews.ts';

/** Brings the tables back to what they were before there was an evidence log. */
export const undoLog = `
  drop table keysweep.log_head, keysweep.log_leaf, keysweep.log_tile, keysweep.log_object,
    keysweep.log_fact, keysweep.checkpoint;
  alter table keysweep.sweep drop column seed, drop column leaf, drop column closing;
  alter table keysweep.pack drop column keys_root;
  alter table keysweep.tracked_key drop column sightings;
  alter table keysweep.adopted_seal drop column sweep;
  alter table keysweep.adopted_seal rename to seal;
  delete from keysweep.migration
    where name = '2026-12-07-evidence-log' or name like '2026-12-10-%';
`;

/** Brings the tables back to what they were before there were packs, without any evidence. */
export const undoPacks = `
  ${undoPeople}
  ${undoReviews}
  ${undoLog}
  truncate keysweep.key_result, keysweep.sweep_batch cascade;
  drop view keysweep.sweep_key;
  drop function keysweep.sweep_key_of;
  drop table keysweep.pack;
  alter table keysweep.key_result rename to sweep_key;
  alter index keysweep.key_result_pkey rename to sweep_key_pkey;
  alter table keysweep.sweep_key add column entry_id integer not null;
  drop index keysweep.sweep_batch_of_key;
  alter table keysweep.sweep_batch rename column fence_token to fence;
  alter table keysweep.sweep_batch drop column list_id, drop column attempts,
    add column last_key integer not null;
  drop table keysweep.key_list;
  alter table keysweep.seal drop column format, drop column differs;
  create unlogged table keysweep.rate_limit (key varchar(255) primary key,
    points integer not null default 0, expire bigint);
  delete from keysweep.migration where name = '2026-12-06-packs';
`;
