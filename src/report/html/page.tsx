import { hash } from 'node:crypto';
import { raw } from 'hono/html';
import { style } from './style.ts';

/** The browser may apply the page's own style, and nothing else: no fetches, no scripts. */
export const contentPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Renders the page up to the start of its body. */
export function openPage(title: string): string {
  const head = (
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={contentPolicy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>{title}</title>
      <style>{raw(style)}</style>
    </head>
  );
  return `<!doctype html>\n<html lang="en">\n${head}\n<body>\n`;
}

export const closePage = '</body>\n</html>\n';
