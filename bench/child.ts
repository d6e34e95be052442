// The program of the processes that benches start: the vendor, and what we are compared with. Each
// is a process of its own, because in one process the parts would wait for each other's turn.
const parts: Readonly<Record<string, () => Promise<(options: never) => Promise<unknown>>>> = {
  vendor: async () => (await import('./support/vendor/serve-vendor.ts')).serveVendor,
  'tls-vendor': async () => (await import('./support/vendor/serve-tls.ts')).serveTls,
  'got-loop': async () => (await import('./rivals/run-got-loop.ts')).runGotLoop,
  textbook: async () => (await import('./rivals/run-textbook.ts')).runTextbook,
  'post-loop': async () => (await import('./rivals/run-post-loop.ts')).runPostLoop,
  receiver: async () => (await import('./support/webhooks/receive-webhooks.ts')).receiveWebhooks,
  'bare-server': async () => (await import('./rivals/serve-bare.ts')).serveBare,
  'load-inventory': async () => (await import('./support/load-inventory.ts')).loadInventory,
};

const [name = '', options = '{}'] = process.argv.slice(2);
const part = parts[name];
if (part === undefined) throw new Error(`there is no part ${name}`);
// The bench ended without ending us.
process.once('disconnect', () => process.exit(1));
const run = await part();
const answer = await run(JSON.parse(options) as never);
process.send?.(answer);
