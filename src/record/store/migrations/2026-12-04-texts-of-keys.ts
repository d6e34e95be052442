import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What a search looks for in a key: its id, source and name in small letters. To read 100,000 wide
 * rows of `tracked_key` for it, and to put each text together, took four times as long. Triggers
 * write it, so that workers of an older build do so too; most nights no name changes. They are made
 * first: that waits for the keys which such a worker is adding, and keeps out more.
 */
const keepTexts = sql`
  create table keysweep.key_text (
    key_id integer primary key,
    text text collate "C" not null
  );
  create function keysweep.text_of_key(key_id text, source text, name text) returns text
    language sql immutable as $body$
    select lower((key_id || chr(31) || source || chr(31) || coalesce(name, '')) collate "C")
  $body$;
  create function keysweep.add_key_texts() returns trigger language plpgsql as $body$
  begin
    insert into keysweep.key_text (key_id, text)
      select id, keysweep.text_of_key(key_id, source, seen_name) from added;
    return null;
  end
  $body$;
  create function keysweep.change_key_text() returns trigger language plpgsql as $body$
  begin
    update keysweep.key_text set text = keysweep.text_of_key(new.key_id, new.source, new.seen_name)
      where key_id = new.id;
    return null;
  end
  $body$;
  create trigger key_texts_added after insert on keysweep.tracked_key
    referencing new table as added
    for each statement execute function keysweep.add_key_texts();
  create trigger key_text_changed after update of seen_name on keysweep.tracked_key
    for each row when (old.seen_name is distinct from new.seen_name)
    execute function keysweep.change_key_text();
  insert into keysweep.key_text (key_id, text)
    select id, keysweep.text_of_key(key_id, source, seen_name)
    from keysweep.tracked_key order by id;
`;

export const textsOfKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await keepTexts.execute(db);
  },
};
