import type { AwaySource } from '../../record/sweeps/read-waits.ts';
import type { RequestProgress } from '../../record/sweeps/requests.ts';
import { renderAway } from './render-waits.ts';
import type { Stall } from './watch-stall.ts';

/**
 * Says in lines, where no bar is drawn, why a sweep does not go on: at once when a source is away,
 * else when the stall says so.
 */
export function sayStalls(
  sayLine: (line: string) => void,
): (progress: Pick<RequestProgress, 'waits'>, stall: Stall | undefined) => void {
  let said: ReadonlySet<string> = new Set();
  return ({ waits }, stall) => {
    const sources = waits?.away ?? [];
    const isNew = sources.some(({ source }) => !said.has(source));
    said = new Set(sources.map(({ source }) => source));
    const line = lineFor(sources, stall, isNew);
    if (line !== undefined) sayLine(line);
  };
}

function lineFor(
  sources: readonly AwaySource[],
  stall: Stall | undefined,
  isNew: boolean,
): string | undefined {
  const away = renderAway(sources)?.[0];
  if (stall?.fresh !== true) return isNew ? away : undefined;
  return away === undefined ? stall.words : `${stall.words}; ${away}`;
}
