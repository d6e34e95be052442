// Takes the README's pictures from the demo: the dashboard, and the HTML report.
//   npm run screenshot [-- --chromium PROGRAM]
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({ options: { chromium: { type: 'string' } } });
const executablePath = values.chromium ?? process.env.CHROMIUM ?? '/usr/bin/chromium';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const viewport = { width: 1120, height: 1000 };
const mostBytes = 200_000;
/** A key with a past: it drifted, and breaks several rules. */
const key = '/keys/flexcharge-sandbox/key_crm_bridge';

const folder = await mkdtemp(join(tmpdir(), 'keysweep-screenshot-'));
try {
  const report = join(folder, 'report.html');
  const demo = startDemo(report);
  try {
    const dashboard = await demo.address;
    // Chromium's sandbox refuses root; the pages are our own.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const browser = await chromium.launch({ executablePath, args });
    await photographAll(browser, dashboard, report).finally(() => browser.close());
  } finally {
    demo.stop();
  }
} finally {
  await rm(folder, { recursive: true });
}

/** The demo writes its report, and stays up. */
function startDemo(report) {
  const main = join(root, 'dist', 'src', 'main.js');
  const flags = ['demo', '--quiet', '--format', 'html', '--output', report];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  const address = new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /The dashboard is at (\S+)\/\n/.exec(said);
      if (found !== null) resolve(found[1]);
    });
    child.on('close', () => reject(new Error(`the demo ended: ${said}`)));
  });
  return { address, stop: () => child.kill('SIGTERM') };
}

async function photographAll(browser, dashboard, report) {
  const page = await openPage(browser, { viewport });
  await page.goto(`file://${report}`);
  await keep('report', await photographAbove(page, '#violations'));
  // A wide window, made smaller.
  const wide = { viewport: { width: 1440, height: 1000 }, deviceScaleFactor: 0.75 };
  const overview = await openPage(browser, wide);
  await overview.goto(`${dashboard}/`);
  await keep('overview', await photographAbove(overview, '#fleet'));
  await page.goto(dashboard + key);
  await keep('key', await photographAbove(page, '#findings'));
  await page.goto(`${dashboard}/sweeps`);
  await page.getByRole('button', { name: 'Sweep now' }).click();
  await page.getByRole('link', { name: 'The sweep' }).click();
  await page.getByText(/\((?:[3-9]\d) %\)/).waitFor();
  await keep('sweep', await photographAbove(page, 'footer'));
}

/** Without the room that is kept for a scrollbar, which pictures do not have. */
async function openPage(browser, size) {
  const page = await browser.newPage({ ...size, colorScheme: 'light', bypassCSP: true });
  await page.addInitScript(() => {
    const style = document.createElement('style');
    style.textContent = 'html { scrollbar-gutter: auto !important }';
    addEventListener('DOMContentLoaded', () => document.head.append(style));
  });
  return page;
}

/** All that comes before a part of the page. */
async function photographAbove(page, part) {
  const { y } = await page.locator(part).boundingBox();
  const { width } = page.viewportSize();
  const clip = { x: 0, y: 0, width, height: Math.floor(y) - 24 };
  return page.screenshot({ fullPage: true, clip });
}

async function keep(name, picture) {
  const file = join(root, 'docs', 'images', `${name}.png`);
  await writeFile(file, picture);
  const { size } = await stat(file);
  console.log(`${file}: ${size} bytes`);
  if (size > mostBytes) throw new Error(`${file} is larger than ${mostBytes} bytes`);
}
