import type { Caller } from '../operations/caller.ts';

/** What the routes of a site know of a request. */
export interface CallerEnv {
  Variables: {
    /** Undefined for somebody who showed nothing. */
    caller: Caller | undefined;
  };
}
