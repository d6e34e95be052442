import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chartStyle, palette } from '../../report/html/palette.ts';

/** A file that pages refer to. Its path holds the hash of its content, so it may be kept for ever. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

export interface Assets {
  readonly style: Asset;
  readonly script: Asset;
  readonly icon: Asset;
}

/** In this order: later ones overrule earlier ones. */
const styleSheets = [
  ...['base', 'frame', 'panels', 'words', 'tables', 'figures', 'forms', 'charts', 'fleet'],
  ...['narrow', 'print'],
];

/** Reads the files beside this one; `scripts/bundle.mjs` puts them beside the bundle. */
export function readAssets(): Assets {
  const sheets = styleSheets.map((name) => readText(`style/${name}.css`));
  const style = [palette, chartStyle, ...sheets].join('\n');
  return {
    style: toAsset('site.css', 'text/css; charset=utf-8', style),
    script: toAsset('site.js', 'text/javascript; charset=utf-8', readText('site.js')),
    icon: toAsset('icon.svg', 'image/svg+xml', readText('icon.svg')),
  };
}

function readText(name: string): string {
  return readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
}

function toAsset(name: string, type: string, body: string): Asset {
  const digest = hash('sha256', body).slice(0, 16);
  return { path: name.replace('.', `-${digest}.`).replace(/^/, '/assets/'), type, body };
}
