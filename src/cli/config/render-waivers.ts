import type { Waiver } from '../../evaluate/waivers/waiver.ts';
import { dayMs } from '../../keys/days.ts';

const soonMs = 30 * dayMs;
const mostNamed = 20;

/** A line with the waivers that have ended or end within 30 days; undefined when there are none. */
export function renderWaivers(waivers: readonly Waiver[], now: Date): string | undefined {
  const near = waivers
    .filter(({ expires }) => expires.getTime() - now.getTime() <= soonMs)
    .toSorted((a, b) => a.expires.getTime() - b.expires.getTime());
  if (near.length === 0) return undefined;
  const more = near.length - mostNamed;
  const named = near.slice(0, mostNamed).map((waiver) => describe(waiver, now));
  return `waivers: ${[...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')}`;
}

/** Prints the day that stands in the policy: the last day on which the waiver holds. */
function describe({ id, expires }: Waiver, now: Date): string {
  const last = new Date(expires.getTime() - dayMs).toISOString().slice(0, 10);
  return expires <= now ? `${id} ended after ${last}` : `${id} ends after ${last}`;
}
