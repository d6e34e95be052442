import type { Context } from 'hono';
import type { CallerEnv } from '../caller-env.ts';
import { readAssets } from '../pages/read-assets.ts';
import { renderSignIn, type SignInModel, type SignInWays } from './sign-in-page.tsx';

/** Answers with the sign-in page. */
export type Show = (context: Context<CallerEnv>, model: SignInModel) => Response;

interface ShowParts {
  readonly version: string;
  now(): Date;
}

export function createShow({ version, now }: ShowParts, ways: SignInWays): Show {
  const assets = readAssets();
  return (context, model) => {
    const formToken = context.get('formToken');
    const frame = { caller: undefined, at: now(), version, simulated: false, assets, formToken };
    return context.html(renderSignIn(frame, model, ways)) as Response;
  };
}
