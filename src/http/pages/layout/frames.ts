import type { Context } from 'hono';
import { permits } from '../../../options/roles.ts';
import type { CallerEnv } from '../../caller-env.ts';
import { maskFormToken } from '../../session/mask-form-token.ts';
import { readAssets } from '../read-assets.ts';
import type { Frame } from './page.tsx';

export interface FrameParts {
  readonly version: string;
  /** Whether there is a board of the queue. */
  readonly hasQueueBoard?: boolean;
  now(): Date;
}

/** Makes what is around the pages of a server; every page has its own mask of the form token. */
export function createFrames(parts: FrameParts) {
  const assets = readAssets();
  return (context: Context<CallerEnv>): Frame => {
    const [caller, token] = [context.get('caller'), context.get('formToken')];
    const formToken = token === undefined ? undefined : maskFormToken(token);
    const mayLook = caller !== undefined && permits(caller.role, 'queue');
    const hasQueueBoard = parts.hasQueueBoard === true && mayLook;
    const made = { at: parts.now(), version: parts.version, assets };
    return { ...made, caller, formToken, simulated: false, hasQueueBoard };
  };
}
