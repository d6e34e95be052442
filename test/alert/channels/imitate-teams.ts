import { z } from 'zod';
import { openReceiver, type Receiver } from './receiver.ts';

const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
  size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
  color: z.enum(['Default', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
  isSubtle: z.boolean().optional(),
});
const element = z.strictObject({
  type: z.literal('RichTextBlock'),
  inlines: z.array(textRun).min(1),
  separator: z.boolean().optional(),
  spacing: z.enum(['None', 'Small', 'Default', 'Medium', 'Large']).optional(),
});
const card = z.strictObject({
  type: z.literal('AdaptiveCard'),
  version: z.enum(['1.2', '1.3', '1.4', '1.5']),
  fallbackText: z.string(),
  msteams: z.strictObject({ width: z.literal('Full') }),
  body: z.array(element).min(1),
});
const message = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: card,
    }),
  ]),
});

/** Teams keeps a card as a text within JSON, and allows 28 kB of that; at worst all but ASCII is escaped. */
const mostKept = 28_672;

/**
 * The status with which a message is refused. Of Adaptive Cards it knows what is used here: no
 * mentions, no actions, nothing that is read as Markdown.
 */
export function teamsRefusal(body: string): 400 | 413 | undefined {
  const kept = JSON.stringify(body);
  if (kept.length + 5 * (kept.match(/[^ -~]/g)?.length ?? 0) > mostKept) return 413;
  try {
    return message.safeParse(JSON.parse(body)).success ? undefined : 400;
  } catch {
    return 400;
  }
}

/** A flow that posts cards: 202 and nothing, or why not. */
export async function openTeams(): Promise<Receiver> {
  const teams: Receiver = await openReceiver((response) => {
    response.writeHead(teamsRefusal(teams.received.at(-1)?.body ?? '') ?? 202).end();
  });
  return teams;
}
