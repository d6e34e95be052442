import { createInterface, type Interface } from 'node:readline/promises';
import { wrongCron } from '../config/cron.ts';
import {
  defaultAnswers,
  environments,
  type InitAnswers,
  type VendorEnvironment,
} from './answers.ts';

export interface Conversation {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ends the conversation. */
  readonly signal: AbortSignal;
  readonly timezone: string;
  /** Whether the cursor may move, so that a typed line can be edited. */
  readonly redraws: boolean;
}

/**
 * Asks for what is not known yet, and repeats after a bad answer; an empty answer takes the
 * default. Undefined if the user ends the conversation (Ctrl-C or Ctrl-D).
 */
export async function ask(
  known: Partial<InitAnswers>,
  { input, output, signal, timezone, redraws }: Conversation,
): Promise<InitAnswers | undefined> {
  const lines = createInterface({ input, output, terminal: redraws });
  const close = () => lines.close();
  signal.addEventListener('abort', close);
  try {
    if (signal.aborted) return undefined;
    // One iterator for all questions: an answer that is typed ahead waits in it.
    const next = lines[Symbol.asyncIterator]();
    const put = <T>(question: Question<T>) => putQuestion(lines, output, next, question);
    const environment = known.environment ?? (await put(environmentQuestion));
    if (environment === undefined) return undefined;
    const cron = known.cron ?? (await put(cronQuestion(timezone)));
    return cron === undefined ? undefined : { environment, cron };
  } finally {
    signal.removeEventListener('abort', close);
    lines.close();
  }
}

interface Question<T> {
  readonly prompt: string;
  readonly standard: T;
  /** The value, or what is wrong with the answer. */
  readonly parse: (answer: string) => { value: T } | { wrong: string };
}

const environmentQuestion: Question<VendorEnvironment> = {
  prompt: 'Which FlexCharge environment, sandbox or production?',
  standard: defaultAnswers.environment,
  parse: (answer) => {
    const value = environments.find((known) => known === answer.toLowerCase());
    return value === undefined ? { wrong: 'Answer sandbox or production.' } : { value };
  },
};

function cronQuestion(timezone: string): Question<string> {
  return {
    prompt: `When to sweep, as a cron line (time zone ${timezone})?`,
    standard: defaultAnswers.cron,
    parse: (answer) => {
      const wrong = wrongCron(answer);
      return wrong === undefined ? { value: answer } : { wrong: `This ${wrong}.` };
    },
  };
}

async function putQuestion<T>(
  lines: Interface,
  output: NodeJS.WritableStream,
  next: AsyncIterator<string>,
  { prompt, standard, parse }: Question<T>,
): Promise<T | undefined> {
  lines.setPrompt(`${prompt} [${standard}] `);
  for (;;) {
    lines.prompt();
    const line = await next.next();
    if (line.done) return undefined;
    const answer = line.value.trim();
    if (answer === '') return standard;
    const parsed = parse(answer);
    if ('value' in parsed) return parsed.value;
    output.write(`${parsed.wrong}\n`);
  }
}
