import type { Message } from '../message.ts';
import { planLetter } from './email/plan-letter.ts';
import { renderPage } from './email/render-page.tsx';
import { renderText } from './email/render-text.ts';
import type { ChannelFormat, Rendered } from './format.ts';

/** Gmail shows about 102 kB of a mail's HTML and hides the rest behind a link. */
const mostHtmlBytes = 100_000;
const mostBytes = 200_000;

/** The limits on listed unknown keys, tried in order until the mail fits. */
const mostUnknowns = [100, 30, 10, 3];

/**
 * A mail as JSON: `subject`, equivalent `text` and `html`, and its planning time as `date`. The
 * sender and the recipients are added when it is sent.
 */
export const email: ChannelFormat = {
  mostFindings: 100,
  keepsIncidents: false,
  render: (message, at, checkpoint) => {
    const render = (most: number) => renderMail(message, at, most, checkpoint);
    return message.type === 'sweep.incomplete' ? renderFitting(render, mostUnknowns) : render(0);
  },
};

function renderFitting(
  render: (most: number) => Rendered,
  [most = 0, ...fewer]: readonly number[],
): Rendered {
  const mail = render(most);
  return mail.fits || fewer.length === 0 ? mail : renderFitting(render, fewer);
}

function renderMail(
  message: Message,
  at: Date,
  most: number,
  checkpoint: string | undefined,
): Rendered {
  const letter = { ...planLetter(message, most), checkpoint };
  const html = renderPage(letter);
  const mail = { subject: letter.subject, text: renderText(letter), html, date: at.toISOString() };
  const body = JSON.stringify(mail);
  const fits = Buffer.byteLength(html) <= mostHtmlBytes && Buffer.byteLength(body) <= mostBytes;
  return { body, fits };
}
