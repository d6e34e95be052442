import type { Terminal } from '../terminal.ts';

type Environment = Terminal['env'];
type Stream = Terminal['stdout' | 'stderr'];

/**
 * Whether text for a stream is coloured: `--no-color`, then NO_COLOR, then FORCE_COLOR, then
 * TERM=dumb, then whether it is a terminal. As no-color.org and force-color.org say, an empty
 * variable counts as unset; FORCE_COLOR=0 and =false forbid colour, as Node reads them.
 */
export function usesColor(env: Environment, stream: Stream, allowed: boolean): boolean {
  if (!allowed || env['NO_COLOR']) return false;
  const forced = forcedColor(env);
  return forced ?? (stream.isTTY === true && env['TERM'] !== 'dumb');
}

/** Undefined where nothing is forced. */
function forcedColor(env: Environment): boolean | undefined {
  const value = env['FORCE_COLOR']?.toLowerCase();
  return value ? value !== '0' && value !== 'false' : undefined;
}

/** Whether a line of a stream may be drawn anew: TERM=dumb and NO_COLOR forbid moving the cursor. */
export function canRedraw(env: Environment, stream: Stream): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !env['NO_COLOR'];
}
