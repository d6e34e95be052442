import { type OutboundRequest, type RequestResult, request } from './request.ts';

export type PostResult = RequestResult;

export interface Post extends Omit<OutboundRequest, 'method'> {
  readonly body: string;
}

/** Sends one POST, as `request` does. */
export function post(outbound: Post): Promise<PostResult> {
  return request({ ...outbound, method: 'POST' });
}
