import { showHidden } from '../../../report/safe-text.ts';
import type { CalendarNight } from '../nights/plan-nights.ts';
import { Wide } from '../parts/wide.tsx';
import { pathOfSweep } from '../paths.ts';

/** Nights by week, a row a weekday; each leads to its sweep. */
export function NightCalendar({ nights }: { nights: readonly CalendarNight[] }) {
  const weeks = toWeeks(nights);
  return (
    <Wide name="Nights by week, a row for each day of the week">
      <table class="calendar">
        <caption class="aloud">Nights by week, a row for each day of the week</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="aloud">Day</span>
            </th>
            {weeks.map(({ month, from }) => (
              <th scope="col">
                {month} <span class="aloud">week from {showHidden(from)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weekdays.map((weekday, at) => (
            <tr>
              <th scope="row">{weekday}</th>
              {weeks.map(({ days }) => (
                <td>{days[at] === undefined ? null : <NightCell night={days[at]} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

function NightCell({ night: { day, state, sweep } }: { night: CalendarNight }) {
  const words = showHidden(`${day}: ${nightWords[state]}`);
  const number = Number(day.slice(8));
  const shown = (
    <>
      <span aria-hidden="true">{number}</span>
      <span class="aloud">{words}</span>
    </>
  );
  return sweep === undefined ? (
    <span class={`night night-${state}`} title={words}>
      {shown}
    </span>
  ) : (
    <a class={`night night-${state}`} href={pathOfSweep(sweep.id)} title={words}>
      {shown}
    </a>
  );
}

/** What became of a night, in words. */
export const nightWords = {
  complete: 'complete',
  incomplete: 'incomplete',
  missed: 'missed',
  skipped: 'skipped: a sweep was open',
  none: 'nothing was due',
} as const;

interface Week {
  /** The month of its first day; empty if the week before is of the same month. */
  readonly month: string;
  /** Its first day that is shown, such as 2026-11-02. */
  readonly from: string;
  readonly days: readonly (CalendarNight | undefined)[];
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function toWeeks(nights: readonly CalendarNight[]): readonly Week[] {
  const weeks: (CalendarNight | undefined)[][] = [];
  for (const night of nights) {
    const weekday = (new Date(`${night.day}T00:00:00Z`).getUTCDay() + 6) % 7;
    if (weekday === 0 || weeks.length === 0) weeks.push(Array.from({ length: weekday }));
    weeks.at(-1)?.push(night);
  }
  const firsts = weeks.map((days) => days.find((night) => night !== undefined)?.day ?? '');
  const starts = firsts.map((day) => day.slice(5, 7));
  return weeks.map((days, at) => {
    const month = starts[at];
    // The name of a month is wider than one week.
    const isShort = at === 0 && starts[1] !== undefined && starts[1] !== month;
    const begins = month !== starts[at - 1] && !isShort;
    return { month: begins ? (months[Number(month) - 1] ?? '') : '', from: firsts[at] ?? '', days };
  });
}
