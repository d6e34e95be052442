import type { StoreFacts } from '../../record/reads/read-store-facts.ts';
import { broken, type Line, well } from '../line.ts';

const oldest = 13;
const mostNamed = 3;

/** Judges what the store says of itself. The embedded one brings its own server and settings. */
export function planDatabase(facts: StoreFacts, kind: 'embedded' | 'postgres'): readonly Line[] {
  const { refusesWrites } = facts;
  const writing =
    refusesWrites === null
      ? well('writing', 'a row was written')
      : broken('writing', refusesWrites.what, refusesWrites.mend);
  if (kind === 'embedded') return [writing];
  return [writing, planVersion(facts), planRights(facts), planSettings(facts)];
}

function planVersion({ version, versionNumber }: StoreFacts): Line {
  const seen = `PostgreSQL ${version}`;
  if (Math.floor(versionNumber / 10_000) >= oldest) return well('version', seen);
  return broken('version', seen, `upgrade the server: ${oldest} is the oldest that works`);
}

function planRights({ closedTables }: StoreFacts): Line {
  if (closedTables.length === 0) return well('rights', 'the user may read and write all tables');
  const more = closedTables.length - mostNamed;
  const named = closedTables.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return broken(
    'rights',
    `the user may not read, write and delete in ${named}`,
    'make this user the owner of the tables, or grant it SELECT, INSERT, UPDATE and DELETE',
  );
}

/** keysweep makes its own settings, except for this one. */
function planSettings({ encoding }: StoreFacts): Line {
  const seen = `the encoding of the database is ${encoding}`;
  if (encoding === 'UTF8') return well('settings', seen);
  const mend = "create a database with ENCODING 'UTF8' and move to it";
  return broken('settings', seen, mend);
}
