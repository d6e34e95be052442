import { version } from '../../../config/version.ts';
import { registry } from '../../../operations/index.ts';
import type { AnyOperation } from '../../../operations/operation.ts';
import type { Access } from '../../../options/roles.ts';
import { problemType } from '../../problems/problem.ts';
import { describeAnswers } from './describe-answers.ts';
import { describeInput } from './describe-input.ts';
import { componentsPath, describeNamedShapes } from './json-schema.ts';

/** The description of the API in OpenAPI 3.1, made from the operations that there are. */
export function describeApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'keysweep',
      version: version(),
      description:
        'Audits API keys every night. Lists answer a page at a time: give `next` back as `cursor`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths: describePaths(),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: { Problem: problem },
      schemas: { ...describeNamedShapes(), Problem: problemShape },
    },
  };
}

function describePaths(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, operation] of Object.entries(registry)) {
    const path = `/${operation.path}`;
    const described = describeOperation(name, operation);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: described };
  }
  return paths;
}

function describeOperation(name: string, operation: AnyOperation): object {
  return {
    operationId: name,
    summary: operation.about,
    description: `${roleWords[operation.access]}.`,
    ...describeInput(operation),
    responses: describeAnswers(operation),
  };
}

const roleWords: Readonly<Record<Access, string>> = {
  read: 'Every role may ask',
  review: 'Whoever is asked about the keys may ask, and operators',
  evidence: 'Auditors and operators may ask',
  trial: 'Operators may ask',
  queue: 'Operators may ask',
  write: 'Operators may ask',
};

const problem = {
  description: 'What is wrong, as problem details (RFC 9457).',
  content: { [problemType]: { schema: { $ref: `${componentsPath}Problem` } } },
};

const problemShape = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong with this request.' },
    code: { type: 'string', description: 'For programs: KEYSWEEP_…' },
    instance: { type: 'string', description: 'Names this one occurrence, in the log too.' },
  },
};
