// Takes the README's picture of the HTML report, from the demo's sweep:
//   npm run screenshot [-- --chromium PROGRAM]
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({ options: { chromium: { type: 'string' } } });
const executablePath = values.chromium ?? process.env.CHROMIUM ?? '/usr/bin/chromium';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const picture = join(root, 'docs', 'images', 'report.png');
const viewport = { width: 1120, height: 1000 };
const mostBytes = 300_000;

const folder = await mkdtemp(join(tmpdir(), 'keysweep-screenshot-'));
try {
  const page = join(folder, 'report.html');
  const main = join(root, 'dist', 'src', 'main.js');
  const flags = ['--once', '--quiet', '--format', 'html', '--output', page];
  await promisify(execFile)(process.execPath, [main, 'demo', ...flags]);
  await writeFile(picture, await photograph(page));
  const { size } = await stat(picture);
  console.log(`${picture}: ${size} bytes, of a page of ${(await readFile(page)).length}`);
  if (size > mostBytes) throw new Error(`${picture} is larger than ${mostBytes} bytes`);
} finally {
  await rm(folder, { recursive: true });
}

async function photograph(file) {
  // Chromium's sandbox refuses root; the page is our own and runs no scripts.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage({ viewport, colorScheme: 'light', offline: true });
    await page.goto(`file://${file}`);
    // The picture shows only what comes before the lists.
    const lists = await page.locator('#violations').boundingBox();
    const clip = { x: 0, y: 0, width: viewport.width, height: Math.floor(lists.y) - 24 };
    return await page.screenshot({ fullPage: true, clip });
  } finally {
    await browser.close();
  }
}
