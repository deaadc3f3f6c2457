import type { Path, Problem } from './diagnostic';
import { durationMs } from './duration';

/**
 * One place in what was written: the value there, and how to get to it. Reads leniently: what has the wrong shape counts
 * as absent, because the schema reports it, and the rules still find everything else that is wrong.
 */
export class Part {
  constructor(
    readonly value: unknown,
    readonly path: Path = [],
  ) {}

  /** The member of that key or index; a part without a value when there is none. */
  at(key: string | number): Part {
    const { value } = this;
    const has = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return new Part(has ? (value as Record<string | number, unknown>)[key] : undefined, [...this.path, key]);
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  get items(): readonly Part[] {
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)) : [];
  }

  get isMap(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  get keys(): readonly string[] {
    return this.isMap ? Object.keys(this.value as object) : [];
  }

  get text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  get number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  /** Milliseconds of a duration. */
  get ms(): number | undefined {
    return this.text === undefined ? undefined : durationMs(this.text);
  }

  /** A problem here. */
  problem(code: Problem['code'], message: string, more: Pick<Problem, 'at' | 'first'> = {}): Problem {
    return { path: this.path, code, message, ...more };
  }
}

/** Looks at the whole runbook and yields what is wrong with it. */
export type Rule = (runbook: Part) => Iterable<Problem>;
