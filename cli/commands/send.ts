import type { JsonObject } from '../../core/model/json';
import type { RunStatus } from '../../core/model/run';
import { exitCodes } from '../../core/model/verdict';
import { factsInFull } from '../../core/report/facts-text';
import type { MessageName } from '../../workflows/messages';
import type { CliContext } from '../context';
import type { ConnectionOptions, JsonOption } from '../options';
import { resolveRun } from '../temporal/resolve-run';
import { RunReader } from '../temporal/run-reader';
import { signed } from '../temporal/sign-message';
import { sendMessage, type Sent } from '../temporal/send-message';
import { withSession, type Session } from '../temporal/session';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
import type { Terminal } from '../terminal/terminal';
import { safeText } from '../terminal/safe-text';

export interface Sending {
  readonly run: string;
  readonly name: MessageName;
  readonly payload: JsonObject;
  /** What was done, for the answer: "approved". */
  readonly done: string;
  /** Private key to sign it with. */
  readonly keyFile?: string;
}

/** Sends one message to a run. Exit code 4 when the run refuses it; then nothing has changed. */
export async function send(
  { terminal }: CliContext,
  { run, name, payload, done, keyFile }: Sending,
  options: JsonOption & ConnectionOptions,
): Promise<number> {
  const answer = await withSession(options, terminal.env, async (session) => {
    const workflowId = await resolveRun(session, run);
    const complete = await completed({ session, workflowId, terminal }, { name, payload, keyFile });
    const sent: Sent = await sendMessage(session, workflowId, { name, payload: complete });
    return { workflowId, ...sent, message: name, payload: complete };
  });
  if (options.json) printJson(terminal, answer);
  if (!answer.accepted) {
    terminal.note(`refused, nothing has changed: ${safeText(answer.because)}`);
    return exitCodes.refused;
  }
  if (!options.json) printLines(terminal, [[span(`${done} `, 'green'), span(answer.workflowId)]]);
  return exitCodes.done;
}

/** The payload with what the run must be asked for first: the plan that a decision is about, and what a signature is bound to. */
async function completed(
  { session, workflowId, terminal }: { session: Session; workflowId: string; terminal: Terminal },
  { name, payload, keyFile }: { name: MessageName; payload: JsonObject; keyFile: string | undefined },
): Promise<JsonObject> {
  if (name !== 'decide' && keyFile === undefined) return payload;
  const status = await new RunReader(session, workflowId).status();
  const decided = name === 'decide' ? onShownPlan(terminal, status, payload) : payload;
  return keyFile === undefined ? decided : signed(status, { name, payload: decided, keyFile });
}

/** Shows what is decided upon, and binds the decision to it, unless a plan is named that was looked at before. */
function onShownPlan(terminal: Terminal, { planHash, waitingFor }: RunStatus, payload: JsonObject): JsonObject {
  const asked = waitingFor.filter(({ facts, name }) => facts && (payload['gate'] ?? name) === name);
  for (const { name, facts } of asked) {
    if (facts)
      terminal.note(safeText(`gate ${name}, plan ${planHash?.slice(0, 12) ?? 'unknown'}: ${factsInFull(facts)}`));
  }
  return payload['planHash'] !== undefined || planHash === undefined ? payload : { ...payload, planHash };
}
