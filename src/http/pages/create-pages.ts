import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { CallerEnv } from '../caller-env.ts';
import { nothingHere, ProblemError } from '../problems/problem.ts';
import { actions } from './actions/actions.ts';
import { createAnswers, type PageContext, type PagesParts } from './create-answers.ts';
import { createFrames } from './layout/frames.ts';
import { lives } from './live/lives.ts';
import { pages } from './pages.ts';
import { protectPages } from './protect-pages.ts';
import { type Asset, readAssets } from './read-assets.ts';

/**
 * The pages and the files that they use, to be mounted under `/` after all other routes. Whoever
 * mounts them says who the caller is, and answers what they throw.
 */
export function createPages(parts: PagesParts): Hono<CallerEnv> {
  const { queueBoard } = parts;
  const assets = readAssets();
  const frames = createFrames({ ...parts, hasQueueBoard: queueBoard !== undefined });
  const answers = createAnswers(parts, frames);
  const site = new Hono<CallerEnv>();
  site.use(protectPages, compress());
  for (const asset of Object.values(assets)) site.get(asset.path, (at) => sendAsset(at, asset));
  for (const page of pages) site.get(page.path, (context) => answers.show(context, page));
  for (const live of lives) site.get(live.path, (context) => answers.follow(context, live));
  for (const action of actions) site.post(action.path, (context) => answers.act(context, action));
  if (queueBoard !== undefined) site.route('/', queueBoard);
  site.all('*', () => {
    throw new ProblemError(nothingHere);
  });
  return site;
}

function sendAsset(context: PageContext, { type, body }: Asset): Response {
  context.header('cache-control', 'public, max-age=31536000, immutable');
  return context.body(body, 200, { 'content-type': type });
}
