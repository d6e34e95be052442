import type { ChannelOptions } from './channel.ts';
import { type OutboundRequest, type RequestResult, request } from './request.ts';

export interface Post extends Pick<OutboundRequest, 'signal' | 'answerBytes'> {
  readonly body: string;
  /** Headers besides the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends one POST to the channel's URL, as `request` does. The whole request has 15 s by default.
 */
export function postJson(
  { url, allowPrivateNetworks, resolve, proxies, timeoutMs = 15_000 }: ChannelOptions,
  { headers, ...post }: Post,
): Promise<RequestResult> {
  return request({
    ...post,
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    timeoutMs,
    allowPrivateNetworks,
    resolve,
    proxies,
  });
}
