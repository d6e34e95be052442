import type { Subject } from '../rule.ts';
import { type FieldName, fields } from './fields.ts';

/**
 * Thrown when an expression needs an unreadable field. CEL treats it as an error, so that
 * `false && unreadable` is false and `true && unreadable` has no result.
 */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly code = 'KEYSWEEP_FIELD_UNREADABLE';
  readonly retryable = false;
}

/** Shared: creating an error costs more than an evaluation, and a loop may throw thousands. */
const unreadable = Object.freeze(new Unreadable());

/**
 * `key` in an expression. The library finds its type by this class and reads the getters by name.
 */
export class KeyView {
  readonly #subject: Subject;
  #scopes: unknown;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  get id() {
    return this.#read('id');
  }
  get name() {
    return this.#read('name');
  }
  get type() {
    return this.#read('type');
  }
  /** Cached, because a loop may read it many times. */
  get scopes() {
    this.#scopes ??= this.#read('scopes');
    return this.#scopes;
  }
  get ageDays() {
    return this.#read('ageDays');
  }
  get idleDays() {
    return this.#read('idleDays');
  }
  get neverUsed() {
    return this.#read('neverUsed');
  }
  get lastFour() {
    return this.#read('lastFour');
  }
  get owner() {
    return this.#read('owner');
  }
  get environment() {
    return this.#read('environment');
  }
  get tags() {
    return this.#read('tags');
  }

  #read(name: FieldName): unknown {
    const value = fields[name].read(this.#subject);
    if (value === undefined) throw unreadable;
    return value;
  }
}
