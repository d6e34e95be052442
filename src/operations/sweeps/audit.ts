import { z } from 'zod';
import { idText } from '../../evaluate/policy/id-text.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import { asJson } from '../answers.ts';
import { defineOperation, type Means, type NamedKey } from '../operation.ts';
import { requestedShape } from '../shapes/sweeps.ts';
import { type Requested, requestWords, writeAndWake } from './sweep.ts';

const key = z.strictObject({ source: idText(1_000), keyId: idText(1_000) });

/** A request to audit some keys again, over HTTP or from the queue. */
export const auditRequest = z.strictObject({
  ...requestWords,
  keys: z.array(key).min(1).max(10_000),
});

/** Asks for an audit of these keys. Throws `RequestRefused` if the inventory lacks one of them. */
export const audit = defineOperation({
  about: 'Asks for an audit of these keys now, ahead of nightly work.',
  access: 'write',
  method: 'POST',
  path: 'audits',
  input: auditRequest,
  status: 202,
  shape: requestedShape,
  answer: asJson<Requested>(),
  async run(means, request, once) {
    await refuseUnknown(means, request.keys);
    return writeAndWake(means, request, once);
  },
});

async function refuseUnknown({ findTracked }: Means, keys: readonly NamedKey[]): Promise<void> {
  const tracked = await findTracked(keys.map(({ keyId }) => keyId));
  const names = new Set(tracked.map(nameOf));
  const unknown = keys.find((key) => !names.has(nameOf(key)));
  if (unknown === undefined) return;
  const { source, keyId } = unknown;
  throw new RequestRefused(`no key ${keyId} of source ${source} is in the inventory`);
}

function nameOf({ source, keyId }: NamedKey): string {
  return JSON.stringify([source, keyId]);
}
