import type { Unjudged } from '../evaluate/judgement.ts';
import { unknownDetail } from '../evaluate/unknown-detail.ts';
import type { ReportUnknown } from './model.ts';

/** Describes why a key or one of its rules could not be judged. */
export function describeUnknown(source: string, keyId: string, unjudged: Unjudged): ReportUnknown {
  const { rule, reason, fields } = unjudged;
  return { source, keyId, rule, reason, fields, detail: unknownDetail(unjudged) };
}
