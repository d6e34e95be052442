import { setTimeout as wait } from 'node:timers/promises';
import type { AppOptions } from '../../app/app-options.ts';
import { type App, openApp } from '../../app/open-app.ts';
import type { Operations } from '../../operations/index.ts';
import { createRemoteOperations } from '../../operations/remote/remote.ts';
import { waitForHolder } from '../../operations/remote/wait-for-holder.ts';
import { CommandFailed } from '../terminal.ts';

export type FoundStore =
  | { readonly kind: 'here'; readonly app: App }
  | { readonly kind: 'elsewhere'; readonly operations: Operations };

const mostTries = 20;
const againMs = 100;

/** Opens the store here, or returns the operations of the process that holds it. */
export async function findStore(options: AppOptions): Promise<FoundStore> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const opened = await openApp(options);
    if (opened.kind === 'open') return { kind: 'here', app: opened.app };
    if (await waitForHolder(opened.holder)) {
      return { kind: 'elsewhere', operations: createRemoteOperations(opened.holder) };
    }
    // The holder ended before it was ready. This process, or another one, can take the store.
    await wait(againMs);
  }
  throw new CommandFailed('the store keeps moving from process to process; try again');
}
