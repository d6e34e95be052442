import { type Context, Hono } from 'hono';
import { type ReviewLinks, reviewLinkPath } from '../../alert/review-links.ts';
import type { Config } from '../../config/config.ts';
import type { NoteDenied } from '../../operations/recording/permit.ts';
import { type DecideByLink, goesTo } from '../../operations/reviews/decide-by-link.ts';
import { readLink, type SentLink } from '../../record/reads/reviews/read-link.ts';
import { type FoundSheet, readSheet } from '../../record/reads/reviews/read-reviews.ts';
import type { Database } from '../../record/store/database.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import type { CallerEnv } from '../caller-env.ts';
import { readFormFields } from '../pages/forms/form-fields.ts';
import { createFrames, type FrameParts } from '../pages/layout/frames.ts';
import { protectPages } from '../pages/protect-pages.ts';
import { renderConfirm } from '../pages/reviews/confirm-page.tsx';
import { renderEndedLink } from '../pages/reviews/ended-link-page.tsx';
import { readDecisions, readPlaces } from '../pages/reviews/read-decisions.ts';
import { pathBack, readSheetKeys, readSheetPart } from '../pages/reviews/read-sheet.ts';
import { renderSheet } from '../pages/reviews/sheet-page.tsx';
import { limitForm } from '../session/limit-form.ts';
import { readForm } from '../session/read-form.ts';

export interface ReviewLinkParts extends FrameParts {
  readonly database: Database;
  readonly config: Pick<Config, 'approvals' | 'owners'>;
  readonly links: Pick<ReviewLinks, 'read'>;
  readonly decide: DecideByLink;
  readonly noteDenied: NoteDenied;
}

type SiteContext = Context<CallerEnv>;

/** A link never counts as a sign-in. */
const signInFirst =
  'Answers count here only of people who have signed in: open the review signed in, and answer there.';

/**
 * The pages behind the links in mails to reviewers, which need no sign-in. To open one changes
 * nothing, so that programs that look into mails do no harm: an answer is a form that is confirmed.
 */
export function createReviewLink(parts: ReviewLinkParts): Hono<CallerEnv> {
  const { database, decide } = parts;
  const frames = createFrames(parts);
  // Whoever follows a link acts by the link, also where this browser has a session.
  const frameOf = (context: SiteContext) => ({ ...frames(context), caller: undefined });
  const site = new Hono<CallerEnv>().use(protectPages);
  const open = async (context: SiteContext) => {
    const opened = await openLink(parts, context);
    if (opened !== undefined) return opened;
    return context.html(renderEndedLink(frameOf(context)), 410) as Response;
  };

  site.get('/:part', async (context) => {
    const opened = await open(context);
    if (opened instanceof Response) return opened;
    const { path, found, link } = opened;
    const query = new URL(context.req.url).searchParams;
    const { place, ...part } = await readSheetPart(database, found, path, query);
    const frame = frameOf(context);
    const closed = parts.config.approvals === undefined ? undefined : signInFirst;
    return context.html(
      renderSheet(frame, {
        ...{ ...part, ...found, closed },
        action: closed === undefined ? path : undefined,
        ...{ token: frame.formToken, hidden: place, hasKeyPages: false },
        sentTo: link.mail,
      }),
    );
  });

  site.post('/:part', async (context) => {
    const opened = await open(context);
    if (opened instanceof Response) return opened;
    const { path, found, link } = opened;
    if (context.get('formToken') === undefined) await limitForm(context, async () => undefined);
    const form = readFormFields(await readForm(context.req));
    const keys = await readSheetKeys(database, found, readPlaces(form));
    const decisions = readDecisions(form, keys);
    const { back, hidden, after } = pathBack(path, form);
    if (form.one('sure') === undefined || decisions.length === 0) {
      const asked = { decisions, action: path, back, hidden };
      return context.html(renderConfirm(frameOf(context), asked));
    }
    const decided = decisions.map(({ key: { source, keyId }, decision, reason }) => ({
      ...{ source, keyId, decision, reason },
    }));
    const kept = await decide(link, decided, context.get('client').address);
    return context.redirect(after(kept), 303);
  });
  return site;
}

/** What a link leads to; undefined if it has ended, was withdrawn, or is none of ours. */
async function openLink(parts: ReviewLinkParts, context: SiteContext) {
  const { links, database, noteDenied, config } = parts;
  const part = context.req.param('part') ?? '';
  const id = links.read(part);
  const link = id === undefined ? undefined : await readLink(database, id);
  if (id === undefined) {
    const origin = context.get('client').address;
    const reason = 'the signature of a link to a review is wrong';
    noteDenied({ who: null, role: null, what: 'decideReview', origin, reason });
  }
  if (link === undefined || link.hasEnded) return undefined;
  if (!goesTo(link.mail, link.name, config.owners)) return undefined;
  return { path: `${reviewLinkPath}/${part}`, link, found: await readSheetOf(database, link) };
}

async function readSheetOf({ db }: Database, { row, sheet }: SentLink): Promise<FoundSheet> {
  const found = await readSheet(db, row, sheet);
  if (found === undefined) throw new RequestRefused('this review is not kept any more');
  return found;
}
