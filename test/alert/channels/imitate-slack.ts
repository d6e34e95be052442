import { z } from 'zod';
import { openReceiver, type Receiver } from './receiver.ts';

const plain = (most: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  });
const markup = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3_000),
  verbatim: z.boolean().optional(),
});
const anyText = z.union([plain(3_000), markup]);
const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plain(150) }),
  z.strictObject({ type: z.literal('context'), elements: z.array(anyText).min(1).max(10) }),
  z.strictObject({ type: z.literal('section'), text: anyText }),
]);
const payload = z.looseObject({
  text: z.string().min(1).max(40_000),
  blocks: z.array(z.unknown()),
});
const blocks = z.array(block).min(1).max(50);

/** Users measured 13,200 and some. */
const mostCharacters = 13_200;
/** With all but ASCII escaped: nobody says how it is counted. */
const longest = (json: string) => json.length + 5 * (json.match(/[^ -~]/g)?.length ?? 0);

/** The word with which Slack refuses a body, as far as its documents and its users tell. */
export function slackRefusal(body: string): string | undefined {
  const parsed = payload.safeParse(parseJson(body));
  if (!parsed.success) return 'invalid_payload';
  if (!blocks.safeParse(parsed.data.blocks).success) return 'invalid_blocks';
  if (longest(JSON.stringify(parsed.data.blocks)) > mostCharacters) return 'msg_blocks_too_long';
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An incoming webhook: `ok`, or 400 and why not. */
export async function openSlack(): Promise<Receiver> {
  const slack: Receiver = await openReceiver((response) => {
    const refusal = slackRefusal(slack.received.at(-1)?.body ?? '');
    response.writeHead(refusal === undefined ? 200 : 400, { 'content-type': 'text/html' });
    response.end(refusal ?? 'ok');
  });
  return slack;
}
