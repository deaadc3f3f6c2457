import type { JsonObject } from '../../core/model/json';
import { exitCodes } from '../../core/model/verdict';
import type { MessageName } from '../../workflows/messages';
import type { CliContext } from '../context';
import type { ConnectionOptions, JsonOption } from '../options';
import { resolveRun } from '../temporal/resolve-run';
import { signed } from '../temporal/sign-message';
import { sendMessage, type Sent } from '../temporal/send-message';
import { withSession } from '../temporal/session';
import { span } from '../terminal/line';
import { printJson, printLines } from '../terminal/print';
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
  const answer = await withSession(options, terminal.env, async (session): Promise<Sent & { workflowId: string }> => {
    const workflowId = await resolveRun(session, run);
    const sent = keyFile === undefined ? payload : await signed(session, workflowId, { name, payload, keyFile });
    return { workflowId, ...(await sendMessage(session, workflowId, { name, payload: sent })) };
  });
  if (options.json) printJson(terminal, { ...answer, message: name, payload });
  if (!answer.accepted) {
    terminal.note(`refused, nothing has changed: ${safeText(answer.because)}`);
    return exitCodes.refused;
  }
  if (!options.json) printLines(terminal, [[span(`${done} `, 'green'), span(answer.workflowId)]]);
  return exitCodes.done;
}
