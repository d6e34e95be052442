import { Environment, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { fields } from './fields.ts';
import { KeyView } from './key-view.ts';

/** A fault in the text of an expression. `offset`: the character where it is, from 0. */
export interface ExpressionFault {
  readonly offset: number;
  readonly message: string;
}

/** The parser is recursive; these limits bound its depth and the tree that it builds. */
const limits = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 200,
  maxMapEntries: 1,
  maxCallArguments: 3,
};

/** CEL with one variable, `key`. It can be shared, because nothing is added to it later. */
const language = new Environment({ limits })
  .registerType('Key', {
    ctor: KeyView,
    fields: Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type])),
  })
  .registerVariable('key', 'Key');

export type Parsed =
  | { readonly ok: true; readonly program: ParseResult }
  | { readonly ok: false; readonly fault: ExpressionFault };

/** Checks the grammar only, not names and types. */
export function parseExpression(text: string): Parsed {
  try {
    return { ok: true, program: language.parse(text) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const offset = error.range?.start ?? 0;
    return { ok: false, fault: { offset, message: wordsOf(error, offset >= text.length) } };
  }
}

function wordsOf({ code, summary }: ParseError, atEnd: boolean): string {
  if (code === 'limit_exceeded') return 'is too long or too deeply nested here';
  return atEnd ? 'ends too early' : `is not valid CEL here: ${onOneLine(summary)}`;
}

/** The library repeats the characters that it cannot read, line feeds among them. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`);
}
