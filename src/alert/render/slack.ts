import type { Digest, DigestGroup } from './digest.ts';
import { escapedLength } from './escaped-length.ts';
import { fitMessage } from './fit-message.ts';
import type { ChannelFormat } from './format.ts';

/**
 * Slack refuses blocks of some 13,200 characters together (msg_blocks_too_long). It does not say
 * how it counts: containers count to some extent, so all of the JSON is counted.
 */
const mostCharacters = 13_000;
const mostBlocks = 50;
const mostSectionCharacters = 3_000;

type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] }
  | { readonly type: 'section'; readonly text: PlainText | Markup };

/** Nothing in it is markup, a mention, a link or an emoji's name. */
interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

interface Markup {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

const markers: Readonly<Record<DigestGroup['tone'], string>> = {
  critical: '🔴 ',
  high: '🟠 ',
  medium: '🟡 ',
  low: '🔵 ',
  info: '⚪ ',
  good: '✅ ',
  none: '',
};

/** A message of Block Kit: one line a finding, in plain text; only headings of ours have markup. */
export const slack: ChannelFormat = {
  mostFindings: 100,
  keepsIncidents: false,
  render: (message) =>
    fitMessage(message, (digest) => {
      const blocks = renderBlocks(digest);
      const body = JSON.stringify({
        // Shown where blocks are not: in notifications. This field is always markup.
        text: digest.summary.replaceAll('&', '&amp;'),
        blocks,
        unfurl_links: false,
        unfurl_media: false,
      });
      return { body, fits: blocks.length <= mostBlocks && escapedLength(body) <= mostCharacters };
    }),
};

function renderBlocks({ title, lines, sections }: Digest): readonly Block[] {
  const header: Block = { type: 'header', text: plain(title) };
  const about: Block =
    sections.length === 0
      ? { type: 'section', text: plain(lines.join('\n')) }
      : { type: 'context', elements: lines.map(plain) };
  const blocks = sections.flatMap(({ heading, groups }): Block[] => [
    { type: 'section', text: { type: 'mrkdwn', text: `*${heading}*`, verbatim: true } },
    ...groups.flatMap(renderGroup),
  ]);
  return [header, about, ...blocks];
}

function renderGroup({ label, tone, lines }: DigestGroup): readonly Block[] {
  const all = [`${markers[tone]}${label}`, ...lines.map(({ key, says }) => `- ${key} ${says}`)];
  return joinLines(all).map((text) => ({ type: 'section', text: plain(text) }));
}

/** As many lines a section as it takes; each line by itself is shorter than that. */
function joinLines(lines: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const joined = `${texts.at(-1)}\n${line}`;
    if (texts.length > 0 && joined.length <= mostSectionCharacters)
      texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts;
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}
