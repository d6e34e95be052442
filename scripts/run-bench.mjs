// Bundles the benches and runs one in a process of its own, which the bundler's memory is no part
// of: npm run bench -- NAME. bench/main.ts knows the names.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

const args = process.argv.slice(2);
// These print in their own way until they are benches like the others.
const older =
  /^(alerts|backtest|client-cost|expression|inventory-load|metrics|pages|sandbox-speed)$/;
const alone = older.test(args[0] ?? '') ? args.shift() : undefined;
const entries = alone === undefined ? ['bench/main.ts', 'bench/child.ts'] : [`bench/${alone}.ts`];
const folder = join('build', 'bench', alone ?? '');
await bundle(entries, folder);
const program = join(root, folder, `${alone ?? 'main'}.js`);
const { status } = spawnSync(process.execPath, [program, ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
