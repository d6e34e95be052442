import { checkpointHeading } from './describe.ts';
import type { Digest, DigestGroup } from './digest.ts';
import { escapedLength } from './escaped-length.ts';
import { fitMessage } from './fit-message.ts';
import type { ChannelFormat } from './format.ts';

/**
 * Slack refuses blocks above about 13,200 characters in total (msg_blocks_too_long). It does not
 * document the count, which includes part of the containers, so the whole JSON is counted.
 */
const mostCharacters = 13_000;
const mostBlocks = 50;
const mostSectionCharacters = 3_000;

type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'context'; readonly elements: readonly PlainText[] }
  | { readonly type: 'section'; readonly text: PlainText | Markup };

/** Slack does not interpret markup, mentions, links or emoji names in it. */
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

/** A Block Kit message: one line per finding, in plain text; only our own headings have markup. */
export const slack: ChannelFormat = {
  mostFindings: 100,
  keepsIncidents: false,
  render: (message, _at, checkpoint) =>
    fitMessage(message, (digest) => {
      const blocks = [...renderBlocks(digest), ...renderCheckpoint(checkpoint)];
      const body = JSON.stringify({
        // Shown in notifications, which show no blocks. This field is always markup.
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
    { type: 'section', text: markup(`*${heading}*`) },
    ...groups.flatMap(renderGroup),
  ]);
  return [header, about, ...blocks];
}

function renderCheckpoint(checkpoint: string | undefined): readonly Block[] {
  if (checkpoint === undefined) return [];
  return [{ type: 'context', elements: [plain(`${checkpointHeading}\n${checkpoint}`)] }];
}

function renderGroup({ label, tone, lines }: DigestGroup): readonly Block[] {
  const all = [
    ...(label === null ? [] : [`${markers[tone]}${label}`]),
    ...lines.flatMap(({ key, says, more }) => [
      `${label === null ? '' : '- '}${key} ${says}`,
      ...more.map((line) => `  ${line}`),
    ]),
  ];
  // Plain text has no links. These are addresses of our own, whose ids are escaped.
  const links = lines.flatMap(({ link }) => (link === null ? [] : [`<${link}>`]));
  return [
    ...joinLines(all).map((text): Block => ({ type: 'section', text: plain(text) })),
    ...joinLines(links).map((text): Block => ({ type: 'section', text: markup(text) })),
  ];
}

/** Packs as many lines into a section as fit; each line alone is short enough. */
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

function markup(text: string): Markup {
  return { type: 'mrkdwn', text, verbatim: true };
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text, emoji: false };
}
