import type { AnyOperation } from '../../../operations/operation.ts';
import type { Access } from '../../../options/roles.ts';
import { describeShape, type JsonSchema } from './json-schema.ts';

/** The answers of an operation, by status. */
export function describeAnswers(operation: AnyOperation): object {
  const status = 'answer' in operation ? (operation.status ?? 200) : 200;
  return {
    [status]: {
      description: status === 202 ? 'Accepted: it will be done.' : 'Done.',
      ...describeHeaders(operation),
      content: describeContent(operation),
    },
    ...(hasTag(operation)
      ? { 304: { description: 'The client has this already, says If-None-Match.' } }
      : {}),
    ...Object.fromEntries(problemsOf(operation).map((code) => [code, { $ref: problemResponse }])),
  };
}

const problemResponse = '#/components/responses/Problem';

function problemsOf({ path, method, access }: AnyOperation): readonly string[] {
  const isFound = path.includes('{');
  const reads: Access = 'read';
  return [
    ...['400', '401', ...(access === reads ? [] : ['403']), ...(isFound ? ['404'] : [])],
    ...(method === 'POST' ? ['413', '415'] : []),
    ...['421', '422', '429', '500', '503'],
  ];
}

function hasTag(operation: AnyOperation): boolean {
  return 'answer' in operation && operation.answer.tag !== undefined;
}

function describeHeaders(operation: AnyOperation): object {
  if (!hasTag(operation)) return {};
  const description = 'Send it as If-None-Match, to get 304 while nothing has changed.';
  return { headers: { ETag: { description, schema: { type: 'string' } } } };
}

function describeContent(operation: AnyOperation): object {
  if ('file' in operation) {
    return { [operation.file.type]: { schema: { type: 'string', format: 'binary' } } };
  }
  const item = describeShape(operation.shape);
  if ('items' in operation) return { 'application/json': { schema: listOf(item) } };
  const { forms = {}, isList } = operation.answer;
  const others = Object.values(forms).map(({ type }) => [type, { schema: { type: 'string' } }]);
  return {
    'application/json': { schema: isList === true ? listOf(item) : item },
    ...Object.fromEntries(others),
  };
}

function listOf(item: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['items', 'next'],
    properties: {
      items: { type: 'array', items: item },
      next: {
        description: 'The cursor of the next page; null where the list ends.',
        type: ['string', 'null'],
      },
    },
  };
}
