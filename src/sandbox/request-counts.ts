/** The requests so far: `keys` counts by id, `mostAtOnce` is the peak of parallel key requests. */
export interface RequestCounts {
  readonly token: number;
  readonly key: number;
  readonly mostAtOnce: number;
  readonly keys: ReadonlyMap<string, number>;
  countToken(): void;
  /** Counts a key request; call the returned function when the request ends. */
  countKey(id: string): () => void;
  reset(): void;
}

export function createRequestCounts(): RequestCounts {
  const keys = new Map<string, number>();
  let token = 0;
  let key = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const end = () => {
    atOnce -= 1;
  };

  return {
    get token() {
      return token;
    },
    get key() {
      return key;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    keys,
    countToken() {
      token += 1;
    },
    countKey(id) {
      key += 1;
      keys.set(id, (keys.get(id) ?? 0) + 1);
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      return end;
    },
    reset() {
      token = 0;
      key = 0;
      mostAtOnce = atOnce;
      keys.clear();
    },
  };
}
