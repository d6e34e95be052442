// A process of its own that takes a folder, says how that went, and lives until it is told to end.
import { createServer } from 'node:net';
import { holdFolder } from '../../../../src/record/store/embedded/hold-folder.ts';

const [folder = ''] = process.argv.slice(2);
const server = createServer((client) => client.destroy());
const hold = await holdFolder(folder, server);
process.stdout.write(
  `${JSON.stringify({ kind: hold.kind, holder: hold.kind === 'taken' ? hold.holder : null })}\n`,
);
process.stdin.resume();
process.stdin.once('end', async () => {
  if (hold.kind === 'held') await hold.release();
  process.exit(0);
});
