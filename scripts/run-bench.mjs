// Runs a bench: npm run bench:NAME runs bench/NAME.ts.
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

const [name = ''] = process.argv.splice(2, 1);
const folder = join('build', 'bench', name);
await bundle([`bench/${name}.ts`], folder);
await import(join(root, folder, `${name}.js`));
