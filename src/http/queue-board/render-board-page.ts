/** The files that the page of the board loads, by their paths below it. */
export interface BoardPageFiles {
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
}

/** Finds them in the template that comes with the board; their names change with each version. */
export function findPageFiles(template: string): BoardPageFiles {
  const all = (form: RegExp) => [...template.matchAll(form)].flatMap(([, path]) => path ?? []);
  const styles = all(/<link href="(static\/[\w./-]+\.css)"/g);
  const scripts = all(/<script [^>]*src="(static\/[\w./-]+\.js)"/g);
  if (styles.length === 0 || scripts.length === 0) {
    throw new Error('the page of bull-board has another form than this version of keysweep knows');
  }
  return { styles, scripts };
}

/**
 * The page in which the board runs. The template that comes with it has styles in the page and a
 * font of another host.
 */
export function renderBoardPage(
  { styles, scripts }: BoardPageFiles,
  basePath: string,
  config: object,
): string {
  const json = JSON.stringify(config).replaceAll('<', '\\u003c');
  return [
    '<!doctype html>',
    '<html lang="en" dir="ltr">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<base href="${basePath}/">`,
    '<title>keysweep queue</title>',
    '<link rel="icon" type="image/svg+xml" id="fav-logo" href="static/images/logo.svg">',
    ...styles.map((path) => `<link rel="stylesheet" href="${path}">`),
    '</head>',
    '<body>',
    `<script id="__UI_CONFIG__" type="application/json">${json}</script>`,
    '<div id="root"></div>',
    '<noscript>The queue is shown by a script. <a href="/">Go to the overview</a></noscript>',
    ...scripts.map((path) => `<script defer src="${path}"></script>`),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
