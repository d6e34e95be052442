// A process of its own that takes a folder, says how that went, and lives until it is told to end.
import { createServer } from 'node:net';

const [module, folder] = process.argv.slice(2);
const { holdFolder } = await import(module);
const server = createServer((client) => client.destroy());
const hold = await holdFolder(folder, server);
process.stdout.write(`${JSON.stringify({ kind: hold.kind, holder: hold.holder ?? null })}\n`);
process.stdin.resume();
process.stdin.once('end', async () => {
  if (hold.kind === 'held') await hold.release();
  process.exit(0);
});
