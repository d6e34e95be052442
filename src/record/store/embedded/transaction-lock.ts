/**
 * A first-come, first-served lock for the one session of the embedded database. `take` resolves
 * with the function that gives it back; giving it back twice does nothing.
 */
export class TransactionLock {
  #tail: Promise<void> = Promise.resolve();

  async take(): Promise<() => void> {
    const before = this.#tail;
    let giveBack: () => void = () => undefined;
    this.#tail = new Promise((resolve) => {
      giveBack = resolve;
    });
    await before;
    return giveBack;
  }
}
