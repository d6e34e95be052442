import type { ASTNode } from '@marcbachmann/cel-js';
import { type FieldName, fields, isFieldName } from './fields.ts';
import type { ExpressionFault } from './language.ts';
import {
  type Bound,
  fixed,
  handling,
  none,
  type Price,
  plain,
  product,
  sum,
  text,
} from './price.ts';
import { priceBinary } from './price-binary.ts';
import { isMethod, methodNames, priceMethod } from './price-method.ts';

/** What a walk through an expression finds before it is evaluated. */
export interface Survey {
  /** What has no price here and is therefore not allowed. */
  readonly faults: readonly ExpressionFault[];
  /** The fields that it names, each once, in order of appearance. */
  readonly fields: readonly FieldName[];
  /** The most steps that one evaluation takes. */
  readonly steps: Bound;
}

/** The loop variables in scope, each with the price of one entry of its list. */
type Loops = ReadonlyMap<string, Price>;
type NodeOf<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;

const listMacros: readonly string[] = ['all', 'exists', 'exists_one', 'filter'];

/** Walks through an expression. Only what has a price here is allowed; types are not checked. */
export function survey(root: ASTNode): Survey {
  const walk = new Walk();
  const { steps } = walk.price(root, new Map());
  return { faults: walk.faults, fields: [...walk.named], steps };
}

class Walk {
  readonly faults: ExpressionFault[] = [];
  readonly named = new Set<FieldName>();

  price(node: ASTNode, loops: Loops): Price {
    switch (node.op) {
      case 'value':
        return this.#literal(node);
      case 'id':
        return loops.get(node.args) ?? this.#unknownName(node);
      case '.':
        return this.#access(node, loops);
      case 'list':
        return this.#list(node, loops);
      case '?:':
        return this.#choice(node, loops);
      case '!_':
      case '-_':
        return plain(fixed(1), this.price(node.args, loops).steps);
      case 'call':
        return this.#call(node, loops);
      case 'rcall':
        return this.#method(node, loops);
      default:
        return this.#binary(node, loops);
    }
  }

  #refuse(offset: number, message: string): Price {
    this.faults.push({ offset, message });
    return plain(fixed(1));
  }

  #literal(node: NodeOf<'value'>): Price {
    const { args: value, start } = node;
    if (typeof value === 'string') return text(fixed(value.length), fixed(1));
    if (typeof value === 'boolean' || typeof value === 'number') return plain(fixed(1));
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(64, value) === value) return plain(fixed(1));
      return this.#refuse(start, 'this number is too large');
    }
    const message =
      value === null
        ? 'nothing is ever null here; a text that is not given is empty: compare with ""'
        : 'only texts, numbers, true and false can be written here';
    return this.#refuse(start, message);
  }

  #unknownName({ args: name, start }: NodeOf<'id'>): Price {
    const message =
      name === 'key'
        ? 'key can only be used with one of its fields'
        : `there is no ${name}; an expression can use key and the variables of its macros`;
    return this.#refuse(start, message);
  }

  #access({ args: [holder, name], pos }: NodeOf<'.'>, loops: Loops): Price {
    if (holder.op !== 'id' || holder.args !== 'key') {
      const before = this.faults.length;
      const priced = this.price(holder, loops);
      return this.faults.length > before ? priced : this.#refuse(pos, 'only key has fields');
    }
    if (!isFieldName(name)) {
      const known = Object.keys(fields).join(', ');
      return this.#refuse(pos, `key has no ${name}; it has ${known}`);
    }
    this.named.add(name);
    return priceField(name);
  }

  #list({ args: entries, start }: NodeOf<'list'>, loops: Loops): Price {
    const prices = entries.map((entry) => this.price(entry, loops));
    if (prices.some(({ kind }) => kind === 'list')) {
      return this.#refuse(start, 'a list within a list is not allowed');
    }
    return {
      steps: sum(fixed(1), ...prices.map(({ steps }) => steps)),
      kind: 'list',
      entries: prices.some(({ kind }) => kind === 'text') ? 'text' : 'plain',
      count: fixed(entries.length),
      length: sum(...prices.map(({ length }) => length)),
      ofScopes: prices.some(({ ofScopes }) => ofScopes),
    };
  }

  #choice({ args }: NodeOf<'?:'>, loops: Loops): Price {
    const [condition, one, other] = args.map((part) => this.price(part, loops)) as ThreePrices;
    return {
      steps: sum(fixed(1), condition.steps, one.steps, other.steps),
      kind: one.kind,
      // An empty list does not show the kind of its entries; the other list may.
      entries: one.entries === 'text' ? 'text' : other.entries,
      count: sum(one.count, other.count),
      length: sum(one.length, other.length),
      ofScopes: one.ofScopes || other.ofScopes,
    };
  }

  #call({ args: [name, given], start }: NodeOf<'call'>, loops: Loops): Price {
    const [only, ...more] = given;
    if (name !== 'size' || only === undefined || more.length > 0) {
      return this.#refuse(start, notAllowed(name));
    }
    return priceSize(this.price(only, loops));
  }

  #method(node: NodeOf<'rcall'>, loops: Loops): Price {
    const [name, receiver, given] = node.args;
    const on = this.price(receiver, loops);
    if (listMacros.includes(name)) return this.#loop(node, on, loops);
    if (name === 'size' && given.length === 0) return priceSize(on);
    if (!isMethod(name, given.length)) {
      // The node has no position for the method's name, which follows the receiver.
      const offset = node.input.indexOf(name, receiver.end);
      return this.#refuse(Math.max(offset, receiver.end), notAllowed(name));
    }
    if (on.ofScopes) this.#checkCase(given);
    const [first] = given.map((one) => this.price(one, loops));
    return priceMethod(name, on, first);
  }

  #loop({ args: [name, , given], start }: NodeOf<'rcall'>, on: Price, loops: Loops): Price {
    const [variable, predicate] = given;
    if (variable?.op !== 'id' || predicate === undefined || given.length !== 2) {
      return this.#refuse(start, `${name} takes a name and a condition: ${name}(s, s == "…")`);
    }
    if (variable.args === 'key') {
      return this.#refuse(variable.start, 'key is taken; give the entries another name');
    }
    const entry: Price = { ...on, kind: on.entries, count: none, steps: fixed(1) };
    const each = this.price(predicate, new Map(loops).set(variable.args, entry));
    const steps = sum(fixed(3), on.steps, product(on.count, sum(fixed(3), each.steps)));
    return name === 'filter' ? { ...on, kind: 'list', steps } : plain(steps);
  }

  #binary(node: ASTNode, loops: Loops): Price {
    const operands = operandsOf(node);
    if (operands === undefined) return this.#refuse(node.start, 'this is not allowed here');
    const [left, right] = operands.map((part) => this.price(part, loops)) as [Price, Price];
    const priced = priceBinary(node.op, left, right, node.end);
    if (typeof priced === 'string') return this.#refuse(node.start, priced);
    if (left.ofScopes || right.ofScopes) this.#checkCase(operands);
    return priced;
  }

  /** Scopes are in lower case here: a text with capitals would silently never match. */
  #checkCase(nodes: readonly ASTNode[]): void {
    for (const node of nodes) {
      if (node.op === 'list') this.#checkCase(node.args);
      if (node.op !== 'value' || typeof node.args !== 'string') continue;
      if (node.args.toLowerCase() === node.args) continue;
      this.#refuse(node.start, 'scopes are compared in lower case: write this text so');
    }
  }
}

type ThreePrices = [Price, Price, Price];

function operandsOf(node: ASTNode): readonly ASTNode[] | undefined {
  return Array.isArray(node.args) && node.args.length === 2 && node.op !== 'map'
    ? (node.args as ASTNode[])
    : undefined;
}

function priceField(name: FieldName): Price {
  const { type } = fields[name];
  const length: Bound = ({ longestText }) => longestText;
  if (type === 'string') return text(length, fixed(2));
  if (type !== 'list<string>') return plain(fixed(2));
  const count: Bound = name === 'scopes' ? ({ scopes }) => scopes : ({ tags }) => tags;
  const asText = text(length, fixed(2), count);
  return { ...asText, kind: 'list', entries: 'text', count, ofScopes: name === 'scopes' };
}

function priceSize(of: Price): Price {
  return plain(fixed(2), of.steps, of.kind === 'text' ? handling(of.length) : none);
}

function notAllowed(name: string): string {
  const allowed = ['size', ...listMacros, ...methodNames].map((known) => `${known}()`).join(', ');
  return `${name}() is not allowed; allowed are ${allowed}`;
}
