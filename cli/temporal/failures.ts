import { failureCodes, type FailureCode } from '../../core/model/failure-codes';
import { SwitchbackFailure } from '../../core/model/failure';

/**
 * An error of the client as one with a code, its words masked. Told apart by name, so that no part of the client has to be loaded
 * for it.
 */
export function asFailure(error: unknown, what: string, mask: (text: string) => string): SwitchbackFailure {
  if (error instanceof SwitchbackFailure) return error;
  const chain = causes(error);
  const coded = chain.find((one) => one.name === 'ApplicationFailure' && isCode(typeOf(one)));
  if (coded) return new SwitchbackFailure(typeOf(coded) as FailureCode, mask(coded.message), {}, { cause: error });
  for (const { name, says = /./s, code, because = said } of rows) {
    const match = chain.find((one) => name.test(one.name) && says.test(`${one.message} ${detailsOf(one)}`));
    if (match) return new SwitchbackFailure(code, `${what}: ${mask(because(match))}`, {}, { cause: error });
  }
  const deepest = chain.at(-1);
  return new SwitchbackFailure(
    'StepFailed',
    `${what}: ${mask(deepest ? said(deepest) : String(error))}`,
    {},
    { cause: error },
  );
}

/** What an error of the client or the server means here. */
interface Meaning {
  /** Name of the error's class. */
  readonly name: RegExp;
  /** What its message or gRPC details hold; default: anything. */
  readonly says?: RegExp;
  readonly code: FailureCode;
  /** Default: what the error says itself. */
  readonly because?: (error: Error) => string;
}

const noWorker = (): string =>
  'no worker answered in time. The run itself is safe and goes on when a worker is back: start one with `switchback worker`.';

/** The first row that fits counts. */
const rows: readonly Meaning[] = [
  {
    name: /^WorkflowNotFoundError$/,
    code: 'RunNotFound',
    because: () => 'there is no such run, or Temporal no longer has its history. List runs with `switchback status`.',
  },
  {
    name: /^ScheduleNotFoundError$/,
    code: 'ScheduleNotFound',
    because: () => 'there is no such schedule. List them with `switchback schedule list`.',
  },
  {
    name: /^WorkflowExecutionAlreadyStartedError$/,
    code: 'GroupBusy',
    because: () => 'a run with this workflow id is already there. Watch it, or choose another --workflow-id.',
  },
  { name: /^(NamespaceNotFoundError|QueryNotRegisteredError|IllegalStateError)$/, code: 'InvalidInput' },
  { name: /^TerminatedFailure$/, code: 'StepFailed', because: (error) => `it was terminated: ${said(error)}` },
  { name: /^CancelledFailure$/, code: 'StepFailed', because: () => 'it was cancelled' },
  { name: /^TimeoutFailure$/, code: 'NoWorker', because: noWorker },
  {
    name: /./,
    // A deadline that runs out is told as a cancelled call now and then: nothing else here cancels one.
    says: /no poller|no worker|DEADLINE_EXCEEDED|deadline exceeded|Call cancelled|timed out before a worker|Timeout expired|workflow task/i,
    code: 'NoWorker',
    because: noWorker,
  },
  { name: /./, says: /UNAVAILABLE|ECONNREFUSED|ECONNRESET|No connection established/i, code: 'TemporalUnavailable' },
];

function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && chain.length < 20; one = one.cause) chain.push(one);
  return chain;
}

/** gRPC puts its own number in front of the message; the details are the words alone. */
const said = (error: Error): string => detailsOf(error) || error.message;
const typeOf = (error: Error): string => textOf((error as { type?: unknown }).type);
/** What gRPC says; the details of an application failure are a list and no text. */
const detailsOf = (error: Error): string => textOf((error as { details?: unknown }).details);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isCode = (type: string): type is FailureCode => Object.hasOwn(failureCodes, type);
