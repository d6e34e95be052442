import { z } from 'zod';
import { type ChannelTest, findChannel, tryChannel } from '../../alert/try-channel.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import { asJson } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { channelTestShape } from '../shapes/alerts.ts';

/** Whoever asks through a server waits a minute. A mail server may take longer than that. */
const mostMs = 50_000;

/** Sends a test message to a channel, once. Throws `RequestRefused` if there is none to test. */
export const testChannel = defineOperation({
  about: 'Sends a test message to a channel, once.',
  access: 'write',
  method: 'POST',
  path: 'channels/{id}/test',
  input: z.strictObject({ id: z.string().max(1_000) }),
  shape: channelTestShape,
  answer: asJson<ChannelTest>(),
  async run({ channels, config }, { id }) {
    const found = findChannel(channels, config, id);
    if (typeof found === 'string') throw new RequestRefused(found);
    return tryChannel(found, new Date(), AbortSignal.timeout(mostMs));
  },
});
