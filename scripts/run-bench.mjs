// Bundles the benches and runs one in a process of its own, which the bundler's memory is no part
// of: npm run bench -- NAME. bench/main.ts knows the names.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

await bundle(['bench/main.ts', 'bench/child.ts'], 'build/bench');
const program = join(root, 'build', 'bench', 'main.js');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
