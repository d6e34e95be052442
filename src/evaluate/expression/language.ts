import { Environment, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { fields } from './fields.ts';
import { KeyView } from './key-view.ts';

/** What is wrong in the text of an expression, and at which of its characters, from 0. */
export interface ExpressionFault {
  readonly offset: number;
  readonly message: string;
}

/** The parser calls itself for each bracket; these keep it, and what it builds, small. */
const limits = {
  maxAstNodes: 500,
  maxDepth: 32,
  maxListElements: 200,
  maxMapEntries: 1,
  maxCallArguments: 3,
};

/** CEL with the one variable `key`. Made once, like a schema: nothing is ever added to it. */
const language = new Environment({ limits })
  .registerType('Key', {
    ctor: KeyView,
    fields: Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type])),
  })
  .registerVariable('key', 'Key');

export type Parsed =
  | { readonly ok: true; readonly program: ParseResult }
  | { readonly ok: false; readonly fault: ExpressionFault };

/** The grammar only: names and types are not looked at yet. */
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
  return atEnd ? 'ends too early' : `is not CEL here: ${summary}`;
}
