import type { Context } from 'hono';
import type { ValueAnswer } from '../../operations/answers.ts';
import { type ChosenForm, chooseForm } from './choose-form.ts';
import { type StreamedText, streamText } from './stream-text.ts';

/**
 * Answers with a value in the form that the client wants. A client that has it already (its
 * `If-None-Match` has the tag) gets 304 and no body.
 */
export async function answerValue(
  context: Context,
  { answer, format, value }: { answer: ValueAnswer<unknown>; format: unknown; value: unknown },
  terms: Pick<StreamedText, 'status' | 'cut'>,
): Promise<Response> {
  if (answer.forms === undefined) return streamText(answer.write(value), terms);
  const form = chooseForm(context, answer, format);
  const headers = headersOf(answer, form, value);
  const tag = headers.etag;
  if (tag !== undefined && hasTag(context.req.header('if-none-match'), tag)) {
    return new Response(null, { status: 304, headers });
  }
  return streamText(form.write(value), { ...terms, headers });
}

function headersOf(answer: ValueAnswer<unknown>, form: ChosenForm, value: unknown) {
  const tag = answer.tag?.(value);
  const name = answer.name?.(value);
  return {
    ...form.headers,
    'content-type': `${form.type}; charset=utf-8`,
    vary: 'Accept',
    ...(name === undefined
      ? {}
      : { 'content-disposition': `inline; filename="${name}.${form.extension}"` }),
    ...(tag === undefined
      ? {}
      : { etag: `"${tag}.${form.format}"`, 'cache-control': 'private, no-cache' }),
  } as Readonly<Record<string, string>> & { readonly etag?: string };
}

/** For a GET, a weak tag is as good as a strong one. */
function hasTag(known: string | undefined, tag: string): boolean {
  if (known === undefined) return false;
  const tags = known.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(tag);
}
