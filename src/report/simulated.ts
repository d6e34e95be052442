/**
 * Present on what `keysweep demo` invented; absent on what is genuine. A mark that is absent in an
 * older export therefore means the same.
 */
export interface SimulatedMark {
  readonly simulated?: true;
}

/** What every report of a simulated sweep says, right after the coverage. */
export const simulatedNote =
  'SIMULATED: keysweep demo invented the answers of this sweep; no vendor was asked.';

export function markSimulated(simulated: boolean): SimulatedMark {
  return simulated ? { simulated: true } : {};
}

/** Present where the sweep that first saw a finding was simulated. */
export interface FirstSeenMark {
  readonly firstSeenSimulated?: true;
}

export function markFirstSeen(simulated: boolean): FirstSeenMark {
  return simulated ? { firstSeenSimulated: true } : {};
}

/** A day as it is shown to people, with its mark. */
export function withMark(day: string, simulated: boolean | undefined): string {
  return simulated === true ? `${day} (simulated)` : day;
}
