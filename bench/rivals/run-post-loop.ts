import { Agent } from 'node:http';
import got from 'got';
import { signWebhook } from '../../src/alert/channels/webhook/sign-webhook.ts';
import { json } from '../../src/alert/render/json.ts';
import { plannedAlert, webhookSecret } from '../support/webhooks/planned-alert.ts';

export interface PostLoopOptions {
  readonly url: string;
  readonly alerts: number;
  readonly inFlight: number;
}

/** `inFlight` chains of signed POSTs over kept connections; nothing is recorded or repeated. */
export async function runPostLoop({ url, alerts, inFlight }: PostLoopOptions) {
  const { body } = json.render(plannedAlert('loop'), new Date());
  const agent = { http: new Agent({ keepAlive: true, maxSockets: inFlight }) };
  const client = got.extend({ agent, retry: { limit: 0 }, timeout: { request: 10_000 } });
  let next = 0;
  const chain = async () => {
    while (next < alerts) {
      next += 1;
      const headers = signWebhook({ id: `id-${next}`, body }, webhookSecret, new Date());
      await client.post(url, { body, headers: { ...headers, 'content-type': 'application/json' } });
    }
  };
  const from = Date.now();
  await Promise.all(Array.from({ length: inFlight }, chain));
  return { from, to: Date.now() };
}
