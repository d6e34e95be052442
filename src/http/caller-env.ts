import type { HttpBindings } from '@hono/node-server';
import type { Caller } from '../operations/caller.ts';
import type { Client } from './guard/find-client.ts';

/** What the routes of a site know of a request. */
export interface CallerEnv {
  Bindings: HttpBindings;
  Variables: {
    client: Client;
    /** Undefined for somebody who showed nothing. */
    caller: Caller | undefined;
    /** What the forms of this browser must carry, under a mask; undefined without a session. */
    formToken: string | undefined;
    /** Whose session of this browser has ended, if its provider may renew it. */
    renewable: string | undefined;
  };
}
