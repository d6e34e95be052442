import type { Database } from '../../../src/record/store/database.ts';
import { one } from '../world.ts';
import type { Place, Places } from './columns.ts';
import { dueInMonth, longNight, missedNight } from './hold-month.ts';

const plainNight = 6;
const wokeNight = 7;

/** Stands for the places of a month that is not held yet. */
const nowhere: Place = { row: 0, sweep: '', leaf: 0, told: '' };
export const noPlaces: Places = {
  ...{ plain: nowhere, woke: nowhere, review: '' },
  due: { plain: '', missed: '', skipped: '' },
};

export async function findPlaces(database: Database): Promise<Places> {
  const placeOf = async (night: number): Promise<Place> => {
    const found = await one<Omit<Place, 'told'>>(
      database,
      `select id as row, uuid as sweep, leaf::integer as leaf from keysweep.sweep
       where due_at = '${dueOf(night)}'`,
    );
    return { ...found, told: `leaf ${found.leaf}, sweep ${found.sweep}` };
  };
  const { uuid } = await one<{ uuid: string }>(database, 'select uuid from keysweep.review');
  return {
    ...{ plain: await placeOf(plainNight), woke: await placeOf(wokeNight), review: uuid },
    due: {
      plain: dueOf(plainNight),
      missed: dueOf(missedNight),
      skipped: dueOf(longNight + 1),
    },
  };
}

function dueOf(night: number): string {
  return dueInMonth[night - 1]?.toISOString() ?? '';
}
