import { z } from 'zod';
import { idText } from '../evaluate/policy/id-text.ts';
import { plainText } from '../evaluate/policy/plain-text.ts';

/** A URL resolves these as steps in the path, even if they are escaped. */
const notADirection = (keyId: string) => keyId !== '.' && keyId !== '..';

const texts = z.array(plainText(500)).max(10_000);

/** One tracked key in the form of YAML and JSON; CSV rows are converted to this form. */
export const keySchema = z.strictObject({
  source: idText(1_000),
  keyId: idText(512).refine(notADirection, 'must not be . or .. (they lead elsewhere in a URL)'),
  owner: plainText(200).nullish(),
  environment: plainText(200).nullish(),
  approvedScopes: texts.nullish(),
  tags: texts.nullish(),
});
export type KeyRow = z.output<typeof keySchema>;

/** An inventory in YAML or JSON. */
export const keysSchema = z.array(keySchema).min(1, 'must hold at least one key');
