import type { ChannelFormat } from './format.ts';
import { json } from './json.ts';

export const pagerduty: ChannelFormat = json;
