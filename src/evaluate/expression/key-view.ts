import type { Subject } from '../rule.ts';
import { type FieldName, fields } from './fields.ts';

/**
 * Thrown where an expression needs what could not be read. CEL takes it for an error, so that
 * `false && unreadable` is false and `true && unreadable` is no answer.
 */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly code = 'KEYSWEEP_FIELD_UNREADABLE';
  readonly retryable = false;
}

/** One for all: making an error costs more than an evaluation, and a loop may throw thousands. */
const unreadable = Object.freeze(new Unreadable());

/** `key` as an expression sees it. The library finds its type by this class, and reads by name. */
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
  /** Kept: within a loop it is read again and again. */
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
