/** A vendor's places: so many requests are worked on at once, the others wait in line. */
export interface WaitingRoom {
  /** Runs `work` when there is a place. False: the line is full, and `work` will not run. */
  enter(work: () => void): boolean;
  /** Gives back a place; the first in line gets it. */
  leave(): void;
  /** Has this many places from now on; those that are taken already stay so. */
  resize(places: number): void;
}

/** `longestLine`: how many may wait; Infinity: any number. */
export function createWaitingRoom(places: number, longestLine: number): WaitingRoom {
  const line: (() => void)[] = [];
  let [most, taken] = [places, 0];
  const admit = () => {
    while (taken < most) {
      const next = line.shift();
      if (next === undefined) return;
      taken += 1;
      next();
    }
  };
  return {
    enter(work) {
      if (taken >= most && line.length >= longestLine) return false;
      line.push(work);
      admit();
      return true;
    },
    leave() {
      taken -= 1;
      admit();
    },
    resize(to) {
      most = to;
      admit();
    },
  };
}
