// Reads a TypeScript source without a TypeScript parser: finds its code and its imports.

const beforeRegex =
  /(?:^|[=(,:;[!&|?{}+\-*%<>~^]|\b(?:return|typeof|case|in|of|delete|void|throw|new|do|else|yield|await))\s*$/;

// Each matches from its start to its end, or to the end of the line or file if it is cut.
const comment = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const quotedText = /'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?/y;
const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/?/y;
/** From a backtick, or from the brace that ends an expression, to the next expression or end. */
const templateText = /[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y;

/**
 * The source with the contents of comments, strings, templates and regular expressions blanked.
 * Quotes, line breaks and positions stay, so that what is found has the same offset in the source.
 * @param {string} source
 */
export function maskSource(source) {
  let masked = '';
  // One entry per open template expression: how many braces are open inside it.
  const braces = [];
  while (masked.length < source.length) {
    masked += nextLiteral(source, masked, braces) ?? source[masked.length];
  }
  return masked;
}

/** The masked literal that starts where the masked text ends; undefined if code starts there. */
function nextLiteral(source, masked, braces) {
  const at = masked.length;
  const commentHere = textAt(comment, source, at);
  if (commentHere !== undefined) return blank(commentHere);
  const plain = textAt(quotedText, source, at) ?? regexAt(source, masked);
  if (plain !== undefined) return plain[0] + blank(plain.slice(1, -1)) + plain.slice(1).slice(-1);
  return isTemplateAt(source[at], braces) ? templateAt(source, at, braces) : undefined;
}

function regexAt(source, masked) {
  const isRegex = source[masked.length] === '/' && beforeRegex.test(masked.slice(-40));
  return isRegex ? textAt(regex, source, masked.length) : undefined;
}

/** Whether template text starts with this character; counts the braces of expressions. */
function isTemplateAt(char, braces) {
  if (char === '`') return true;
  if (braces.length === 0) return false;
  if (char === '{') braces.push(braces.pop() + 1);
  if (char === '}') braces.push(braces.pop() - 1);
  if (braces.at(-1) >= 0) return false;
  braces.pop();
  return true;
}

function templateAt(source, at, braces) {
  const text = textAt(templateText, source, at);
  if (text.endsWith('${')) braces.push(0);
  return text[0] + blank(text.slice(1));
}

function textAt(form, source, at) {
  form.lastIndex = at;
  return form.exec(source)?.[0];
}

const blank = (text) => text.replace(/[^\n]/g, ' ');

const quoted = `(['"])( *)\\1`;
const forms = [
  { kind: 'type', form: `\\bimport\\s+type\\s+(?!from\\b)[^'";]*?\\bfrom\\s*${quoted}` },
  { kind: 'type', form: `\\bexport\\s+type\\s+(?:\\*|\\{)[^'";]*?\\bfrom\\s*${quoted}` },
  { kind: 'value', form: `\\bimport\\s+(?!type\\s+(?!from\\b))[^'"();]*?\\bfrom\\s*${quoted}` },
  { kind: 'value', form: `\\bexport\\s*(?:\\*|\\{)[^'";]*?\\bfrom\\s*${quoted}` },
  { kind: 'value', form: `\\bimport\\s*${quoted}` },
  { kind: 'dynamic', form: `\\bimport\\s*\\(\\s*${quoted}` },
  { kind: 'dynamic', form: `\\brequire\\s*\\(\\s*${quoted}` },
];

/**
 * Every import, export from and dynamic import of a source: its specifier, whether it is erased as
 * a type, its line, and the imported names (as written).
 * @param {string} source
 * @param {string} masked
 */
export function readImports(source, masked) {
  const found = forms.flatMap(({ kind, form }) =>
    [...masked.matchAll(new RegExp(form, 'gd'))].map((match) => {
      const [from, to] = match.indices[2];
      return {
        kind,
        specifier: source.slice(from, to),
        line: lineAt(source, from),
        clause: match[0],
      };
    }),
  );
  return found.sort((a, b) => a.line - b.line);
}

/** The number of the line, from 1, that an offset is in. */
export const lineAt = (source, offset) => source.slice(0, offset).split('\n').length;
