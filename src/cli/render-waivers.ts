import type { Waiver } from '../evaluate/waivers/waiver.ts';
import { dayMs } from '../keys/days.ts';

const soonMs = 30 * dayMs;
const mostNamed = 20;

/** A line that says which waivers hold no more or end within 30 days; undefined where none does. */
export function renderWaivers(waivers: readonly Waiver[], now: Date): string | undefined {
  const near = waivers
    .filter(({ expires }) => expires.getTime() - now.getTime() <= soonMs)
    .toSorted((a, b) => a.expires.getTime() - b.expires.getTime());
  if (near.length === 0) return undefined;
  const more = near.length - mostNamed;
  const told = near.slice(0, mostNamed).map((waiver) => describe(waiver, now));
  return `waivers: ${[...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')}`;
}

/** The day told is the one that the policy names: the last on which the waiver holds. */
function describe({ id, expires }: Waiver, now: Date): string {
  const last = new Date(expires.getTime() - dayMs).toISOString().slice(0, 10);
  return expires <= now ? `${id} ended after ${last}` : `${id} ends after ${last}`;
}
