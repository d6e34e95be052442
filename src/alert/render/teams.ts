import { checkpointHeading } from './describe.ts';
import type { DigestLine } from './describe-line.ts';
import type { Digest, DigestGroup } from './digest.ts';
import { escapedLength } from './escaped-length.ts';
import { fitMessage } from './fit-message.ts';
import type { ChannelFormat } from './format.ts';

/** Teams refuses messages of 28 kB, and a flow may enlarge the card that it receives. */
const mostBytes = 20_000;
/** Teams stores a card as text within JSON, so its escaped quotes count twice. */
const mostKept = 26_000;

/** A run of text. Unlike the text of a TextBlock, it is not Markdown. */
interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Large' | 'Medium' | 'Small';
  readonly color?: 'Attention' | 'Warning' | 'Accent' | 'Good';
  readonly isSubtle?: true;
  readonly selectAction?: { readonly type: 'Action.OpenUrl'; readonly url: string };
}

interface RichText {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly TextRun[];
  readonly separator?: true;
  readonly spacing?: 'None' | 'Small';
}

type Style = Omit<TextRun, 'type' | 'text'>;

const colours: Readonly<Record<DigestGroup['tone'], Style>> = {
  critical: { color: 'Attention' },
  high: { color: 'Warning' },
  medium: { color: 'Accent' },
  low: {},
  info: { isSubtle: true },
  good: { color: 'Good' },
  none: {},
};

/** An Adaptive Card for Workflows: one paragraph per finding, no Markdown, no mentions. */
export const teams: ChannelFormat = {
  mostFindings: 100,
  keepsIncidents: false,
  render: (message, _at, checkpoint) =>
    fitMessage(message, (digest) => {
      const body = JSON.stringify({
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            contentUrl: null,
            content: renderCard(digest, checkpoint),
          },
        ],
      });
      const kept = escapedLength(JSON.stringify(body));
      return { body, fits: Buffer.byteLength(body) <= mostBytes && kept <= mostKept };
    }),
};

function renderCard({ title, summary, lines, sections }: Digest, checkpoint: string | undefined) {
  return {
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: summary,
    msteams: { width: 'Full' },
    body: [
      richText([run(title, { size: 'Large', weight: 'Bolder' })]),
      ...lines.map((line) =>
        richText([run(line, sections.length > 0 ? { size: 'Small', isSubtle: true } : {})], {
          spacing: 'Small',
        }),
      ),
      ...sections.flatMap(({ heading, groups }) => [
        richText([run(heading, { size: 'Medium', weight: 'Bolder' })], { separator: true }),
        ...groups.flatMap(renderGroup),
      ]),
      ...renderCheckpoint(checkpoint),
    ],
  };
}

/** A paragraph for each line: a run of text has no line feeds. */
function renderCheckpoint(checkpoint: string | undefined): readonly RichText[] {
  if (checkpoint === undefined) return [];
  const lines = [checkpointHeading, ...checkpoint.trimEnd().split('\n')];
  return lines.map((line, at) =>
    richText([run(line === '' ? ' ' : line, { size: 'Small', isSubtle: true })], {
      ...(at === 0 ? { separator: true as const } : {}),
      spacing: 'None',
    }),
  );
}

function renderGroup({ label, tone, lines }: DigestGroup): readonly RichText[] {
  const head =
    label === null ? [] : [richText([run(label, { weight: 'Bolder', ...colours[tone] })])];
  return [...head, ...lines.flatMap(renderLine)];
}

function renderLine({ key, says, more, link }: DigestLine): readonly RichText[] {
  const open =
    link === null ? {} : { selectAction: { type: 'Action.OpenUrl', url: link } as const };
  return [
    richText([run(key, { weight: 'Bolder', ...open }), run(` ${says}`)], { spacing: 'Small' }),
    ...more.map((line) =>
      richText([run(line, { size: 'Small', isSubtle: true })], { spacing: 'None' }),
    ),
  ];
}

function richText(
  inlines: readonly TextRun[],
  layout: Pick<RichText, 'separator' | 'spacing'> = {},
): RichText {
  return { type: 'RichTextBlock', ...layout, inlines };
}

function run(text: string, style: Style = {}): TextRun {
  return { type: 'TextRun', ...style, text };
}
