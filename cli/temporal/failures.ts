import { failureCodes, type FailureCode } from '../../core/model/failure-codes';
import { SwitchbackFailure } from '../../core/model/failure';

/** An error of the client as one with a code. Told apart by name, so that no part of the client has to be loaded for it. */
export function asFailure(error: unknown, what: string): SwitchbackFailure {
  if (error instanceof SwitchbackFailure) return error;
  const chain = causes(error);
  const coded = chain.find((one) => one.name === 'ApplicationFailure' && isCode(typeOf(one)));
  if (coded) return new SwitchbackFailure(typeOf(coded) as FailureCode, coded.message, {}, { cause: error });
  for (const { name, code, because } of rows) {
    const match = chain.find((one) => name.test(one.name) && because.test(`${one.message} ${detailsOf(one)}`));
    if (match) return new SwitchbackFailure(code, `${what}: ${explain(code, match)}`, {}, { cause: error });
  }
  const deepest = chain.at(-1);
  return new SwitchbackFailure(
    'StepFailed',
    `${what}: ${deepest ? said(deepest) : String(error)}`,
    {},
    { cause: error },
  );
}

/** What the server's own errors mean here; the first row that fits counts. */
const rows: readonly { readonly name: RegExp; readonly because: RegExp; readonly code: FailureCode }[] = [
  { name: /^WorkflowNotFoundError$/, because: /./s, code: 'RunNotFound' },
  { name: /^WorkflowExecutionAlreadyStartedError$/, because: /./s, code: 'GroupBusy' },
  { name: /^(QueryNotRegisteredError|IllegalStateError)$/, because: /./s, code: 'InvalidInput' },
  {
    name: /./,
    because: /no poller|no worker|DEADLINE_EXCEEDED|deadline exceeded|Timeout expired|workflow task/i,
    code: 'NoWorker',
  },
  { name: /./, because: /UNAVAILABLE|ECONNREFUSED|ECONNRESET|No connection established/i, code: 'TemporalUnavailable' },
  { name: /./, because: /Namespace .* is not found|NamespaceNotFound/i, code: 'InvalidInput' },
];

const explanations: Partial<Record<FailureCode, string>> = {
  RunNotFound: 'there is no such run, or Temporal no longer has its history. List runs with `switchback status`.',
  NoWorker:
    'no worker answered in time. The run itself is safe and goes on when a worker is back: start one with `switchback worker`.',
  GroupBusy: 'a run with this workflow id is already there. Watch it, or choose another --workflow-id.',
};

const explain = (code: FailureCode, error: Error): string => explanations[code] ?? said(error);

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
