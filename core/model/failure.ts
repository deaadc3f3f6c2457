import type { FailureCode } from './failure-codes';
import type { JsonObject } from './json';

/**
 * The only error that drivers and core throw on purpose. `code` is the same word as the diagnostic code, the
 * `ApplicationFailure.type` and the heading in docs/reference/error-codes.md; the register says whether it may be retried.
 */
export class SwitchbackFailure extends Error {
  override readonly name = 'SwitchbackFailure';

  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details: JsonObject = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
