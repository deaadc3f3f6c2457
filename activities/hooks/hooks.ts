import { access, constants } from 'node:fs/promises';
import { refusedProgram } from '../../core/model/allowed-command';
import type { CommandAction, HookAction, WebhookAction } from '../../core/model/added-step';
import { SwitchbackFailure } from '../../core/model/failure';
import type { CallContext } from '../../drivers/ports';
import { withinTime } from '../../drivers/within-time';
import type { StepRequest } from '../contract';
import { signedPost } from '../signed-post';
import { asFact, type StepOutcome } from '../steps/step-body';
import { endOf, readable, recordOutput } from './hook-output';
import { bareEnvironment, runProgram, type ProgramEnd } from './run-program';

/** What hooks need of the worker that runs them. */
export interface HookParts {
  /** Absolute paths of the programs that may be run. */
  readonly allowedCommands: readonly string[];
  /** Where addresses and secrets are read; its secrets are blanked out of every output. */
  readonly environment: NodeJS.ProcessEnv;
  /** The folder of reports. */
  readonly outputFolder: string;
}

/** The work of the steps that runbooks add. */
export interface Hooks {
  /** @throws SwitchbackFailure `CommandNotAllowed`, `HookFailed` */
  readonly run: (request: StepRequest, context: CallContext) => Promise<StepOutcome>;
  /** @throws SwitchbackFailure `WebhookFailed` */
  readonly call: (request: StepRequest, context: CallContext) => Promise<StepOutcome>;
  /** Programs of these that this worker would not run, each with the reason. */
  readonly refused: (programs: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** Variables of these that are not set. */
  readonly missing: (variables: readonly string[]) => readonly string[];
}

const SUMMARY_BYTES = 200;
const MESSAGE_BYTES = 600;

export function createHooks(parts: HookParts): Hooks {
  return {
    run: (request, context) => runCommand(parts, request, context),
    call: (request, context) => callWebhook(parts, request, context),
    refused: async (programs) => {
      const answers = await Promise.all(
        programs.map(async (program) => [program, await whyNot(parts, program)] as const),
      );
      return Object.fromEntries(answers.flatMap(([program, why]) => (why === undefined ? [] : [[program, why]])));
    },
    missing: (variables) => variables.filter((name) => !parts.environment[name]),
  };
}

async function whyNot({ allowedCommands }: HookParts, program: string): Promise<string | undefined> {
  const refused = refusedProgram(program, allowedCommands);
  if (refused !== undefined) return `${refused}; add it to SWITCHBACK_ALLOWED_COMMANDS of that worker`;
  return access(program, constants.X_OK).then(
    () => undefined,
    () => `"${program}" is on the allow-list, but there is no such program to be run; install it`,
  );
}

async function runCommand(parts: HookParts, request: StepRequest, context: CallContext): Promise<StepOutcome> {
  const { step, run, operationKey } = request;
  const hook = hookOf(request, 'command');
  const refused = refusedProgram(hook.command[0] ?? '', parts.allowedCommands);
  if (refused !== undefined) throw new SwitchbackFailure('CommandNotAllowed', `step "${step.id}": ${refused}`);
  context.progress({ doing: `running ${hook.command[0] ?? ''}` });
  const limit = { ms: hook.timeoutSeconds * 1000, signal: context.signal };
  const { ended, late } = await withinTime(limit, async (signal, isLate) => {
    const program = await runProgram({ command: hook.command, environment: environmentOf(request), signal });
    return { ended: program, late: isLate() };
  });
  const text = readable(ended, parts.environment);
  const about = { folder: parts.outputFolder, group: run.group, operationKey, bytes: ended.bytes };
  const recorded = await recordOutput(text, about);
  context.signal.throwIfAborted();
  if (!ended.ok || late) throw failed(request, { ended, late, text, file: recorded.outputFile });
  const [last = ''] = text.split('\n').slice(-1);
  const summary = last === '' ? ended.how : `${ended.how}: ${endOf(last, SUMMARY_BYTES)}`;
  return { summary, facts: asFact({ ended: ended.how, ...recorded }) };
}

function failed(
  request: StepRequest,
  what: {
    readonly ended: ProgramEnd;
    readonly late: boolean;
    readonly text: string;
    readonly file: string | undefined;
  },
): SwitchbackFailure {
  const { ended, late, text, file } = what;
  const { timeoutSeconds } = hookOf(request, 'command');
  const how = late ? `did not end within ${timeoutSeconds} s and was killed (${ended.how})` : ended.how;
  const said = text === '' ? '' : `: ${endOf(text, MESSAGE_BYTES).replace(/\s+/g, ' ')}`;
  const kept = file === undefined ? '' : `; its output is kept in ${file} of the worker's reports`;
  return new SwitchbackFailure('HookFailed', `step "${request.step.id}": ${how}${said}${kept}`);
}

/** What a command is told: nothing else of the worker's environment reaches it. */
function environmentOf({ run, step, sites, operationKey }: StepRequest): Readonly<Record<string, string>> {
  const site = step.site === undefined ? undefined : sites[step.site];
  return {
    ...bareEnvironment,
    SWITCHBACK_RUN: run.workflowId,
    SWITCHBACK_RUN_ID: run.runId,
    SWITCHBACK_OPERATION: run.operation,
    SWITCHBACK_GROUP: run.group,
    SWITCHBACK_STEP: step.id,
    SWITCHBACK_OPERATION_KEY: operationKey,
    SWITCHBACK_EPOCH: String(step.input.epoch ?? 0),
    SWITCHBACK_UNDO: isUndo(step) ? 'yes' : 'no',
    ...(site && { SWITCHBACK_SITE: site.name, SWITCHBACK_ADDRESS: site.address }),
  };
}

const isUndo = (step: StepRequest['step']): boolean => 'compensates' in step;

async function callWebhook(parts: HookParts, asked: StepRequest, context: CallContext): Promise<StepOutcome> {
  const { run, step, operationKey } = asked;
  const { urlFrom, secretFrom, timeoutSeconds } = hookOf(asked, 'webhook');
  const { workflowId, runId, group, operation } = run;
  const time = new Date().toISOString();
  const undo = isUndo(step);
  const data = { group, operation, workflowId, runId, step: step.id, epoch: step.input.epoch ?? 0, undo };
  context.progress({ doing: `calling ${urlFrom}` });
  const { saw } = await signedPost(
    { env: parts.environment, now: () => time },
    {
      what: `step "${step.id}"`,
      code: 'WebhookFailed',
      urlFrom,
      secretFrom,
      contentType: 'application/cloudevents+json; charset=utf-8',
      body: JSON.stringify({
        specversion: '1.0',
        type: `dev.switchback.hook.${undo ? 'undo' : 'run'}`,
        source: `/switchback/groups/${group}`,
        subject: workflowId,
        id: operationKey,
        time,
        datacontenttype: 'application/json',
        data,
      }),
      idempotencyKey: operationKey,
      timeoutMs: timeoutSeconds * 1000,
      signal: context.signal,
    },
  );
  return { summary: `${urlFrom} ${saw}`, facts: { saw } };
}

function hookOf(asked: StepRequest, kind: 'command'): CommandAction;
function hookOf(asked: StepRequest, kind: 'webhook'): WebhookAction;
function hookOf({ step }: StepRequest, kind: HookAction['kind']): HookAction {
  const { hook } = step.input;
  if (hook?.kind === kind) return hook;
  throw new SwitchbackFailure('InvalidInput', `step "${step.id}" names no ${kind}`, { step: step.id });
}
