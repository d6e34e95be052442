import type { Context } from 'hono';
import type { CallerEnv } from '../caller-env.ts';
import { createFrames, type FrameParts } from '../pages/layout/frames.ts';
import { renderSignIn, type SignInModel, type SignInWays } from './sign-in-page.tsx';

/** Answers with the sign-in page. */
export type Show = (context: Context<CallerEnv>, model: SignInModel) => Response;

export function createShow(parts: FrameParts, ways: SignInWays): Show {
  const frameOf = createFrames(parts);
  return (context, model) => {
    const frame = { ...frameOf(context), caller: undefined };
    return context.html(renderSignIn(frame, model, ways)) as Response;
  };
}
