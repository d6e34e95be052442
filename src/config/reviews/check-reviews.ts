import { mailAddress } from '../../alert/channels/email/mail-address.ts';
import { ownerTypes } from '../../alert/channels/index.ts';
import { parseDuration } from '../../evaluate/policy/duration.ts';
import { id } from '../../evaluate/policy/id.ts';
import {
  type Entry,
  entries,
  list,
  type MeaningFault,
  mapping,
  repeated,
} from '../../evaluate/policy/plain-values.ts';
import { isMailAddress } from './read-reviews.ts';

/** Contradictions around the section `reviews`, as plain values of any shape. */
export function checkReviews(raw: unknown): MeaningFault[] {
  const reviews = entries(raw, [], 'reviews');
  const channels = entries(mapping(raw)['alerts'], ['alerts'], 'channels');
  return [
    ...repeated(reviews, 'id'),
    ...reviews.flatMap((review) => [
      ...checkEscalation(review, channels),
      ...checkReminders(review),
      ...checkReviewers(review, channels),
    ]),
    ...checkLinks(raw),
  ];
}

function checkEscalation({ path, value }: Entry, channels: readonly Entry[]): MeaningFault[] {
  const name = value['escalateTo'];
  if (name === undefined || !id.safeParse(name).success) return [];
  if (channels.some((channel) => channel.value['id'] === name)) return [];
  return [{ path: [...path, 'escalateTo'], message: `there is no channel ${name}` }];
}

const usualDue = '14d';

function checkReminders({ path, value }: Entry): MeaningFault[] {
  const due = value['due'] ?? usualDue;
  const dueMs = typeof due === 'string' ? parseDuration(due) : undefined;
  return list(value['remind']).flatMap((text, place) => {
    const ms = typeof text === 'string' ? parseDuration(text) : undefined;
    if (ms === undefined || dueMs === undefined || ms < dueMs) return [];
    return [{ path: [...path, 'remind', place], message: `must be shorter than due (${due})` }];
  });
}

/** A reviewer who is named by a mail address is written to; others only sign in. */
function checkReviewers({ path, value }: Entry, channels: readonly Entry[]): MeaningFault[] {
  const mails = channels.some((channel) => ownerTypes.includes(String(channel.value['type'])));
  return list(value['reviewers']).flatMap((name, place) => {
    if (typeof name !== 'string' || !isMailAddress(name)) return [];
    const at = [...path, 'reviewers', place];
    if (!mailAddress.safeParse(name).success) {
      return [{ path: at, message: 'is not a mail address such as ann@shop.example' }];
    }
    if (mails) return [];
    const types = ownerTypes.join(' or ');
    return [{ path: at, message: `needs a channel of type ${types} to be written to by` }];
  });
}

function checkLinks(raw: unknown): MeaningFault[] {
  const { reviewLinks, http } = mapping(raw);
  if (reviewLinks === undefined || mapping(http)['publicUrl'] !== undefined) return [];
  const message = 'needs http.publicUrl: the links in mails lead there';
  return [{ path: ['reviewLinks'], message }];
}
