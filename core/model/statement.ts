/** What somebody says at a gate, as it is signed: bound to the run, the plan, the gate and its asking, so that it fits no other. */
export interface Statement {
  readonly message: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly planHash: string;
  readonly gate: string;
  /** The number of the time that everybody is asked at this gate: 1, and more after `onExpiry: ask-again`. */
  readonly asking: number;
  readonly by: string;
  /** "approve", "decline", to whom is delegated; "done" or "failed" of a manual step, with its evidence behind a space. */
  readonly says: string;
  readonly comment: string;
  /** ISO instant of the signer's clock: what is said later outranks what was said before, which cannot be sent again. */
  readonly at: string;
}

/** What a message says, of its own fields: one form for whoever signs and whoever verifies. */
export const saysOf = (message: {
  readonly decision?: unknown;
  readonly to?: unknown;
  readonly evidence?: unknown;
}): string =>
  [message.decision ?? message.to, message.evidence]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');

/** The text that is signed: one form only, so that signer and verifier cannot differ. */
export const statementText = (statement: Statement): string =>
  JSON.stringify([
    'switchback statement 2',
    statement.message,
    statement.workflowId,
    statement.runId,
    statement.planHash,
    statement.gate,
    statement.asking,
    statement.by,
    statement.says,
    statement.comment,
    statement.at,
  ]);
