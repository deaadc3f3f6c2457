import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { refusedProgram } from '../../core/model/allowed-command';
import { SwitchbackFailure } from '../../core/model/failure';
import type { CallContext } from '../../drivers/ports';
import { withinTime } from '../../drivers/within-time';
import type { QuiesceRequest, Quiesced, Resumed, ResumeRequest } from '../point-contract';
import { endOf, readable } from './hook-output';
import type { HookParts } from './hooks';
import { bareEnvironment, runProgram } from './run-program';

/** How long one try of the program that resumes may take. */
const RESUME_SECONDS = 60;
/** The worker that quiesced comes first, the process that outlives it only when nobody else did. */
const HOLD_GRACE_MS = 1000;
const MESSAGE_BYTES = 400;

/** Makes an application keep still for a set of recovery points, and lets it go on. */
export interface Quiescer {
  /**
   * From its return the application keeps still until it is resumed, at the latest when the time of the policy is over: a process
   * that outlives this worker sees to that. Whatever it throws, resume must be called; only after `CommandNotAllowed` nothing ran.
   *
   * @throws SwitchbackFailure `CommandNotAllowed`, `QuiesceFailed`
   */
  readonly quiesce: (request: QuiesceRequest, context: CallContext) => Promise<Quiesced>;
  /** @throws SwitchbackFailure `CommandNotAllowed`, `ResumeFailed` */
  readonly resume: (request: ResumeRequest, context: CallContext) => Promise<Resumed>;
}

export function createQuiescer(parts: HookParts): Quiescer {
  return {
    quiesce: async (request, context) => {
      const { quiesce, resume, timeoutSeconds } = request.policy;
      for (const program of [quiesce[0], resume[0]]) assertAllowed(parts, program ?? '');
      await hold(parts, request);
      const begunAt = new Date().toISOString();
      context.progress({ doing: 'quiescing the application' });
      await run(parts, { command: quiesce, request, seconds: timeoutSeconds, code: 'QuiesceFailed' }, context);
      return { begunAt, quiescedAt: new Date().toISOString() };
    },
    resume: async (request, context) => {
      assertAllowed(parts, request.resume[0] ?? '');
      context.progress({ doing: 'resuming the application' });
      const asked = { command: request.resume, request, seconds: RESUME_SECONDS, code: 'ResumeFailed' } as const;
      await run(parts, asked, context);
      await rm(holdFile(parts, request), { force: true });
      return { resumedAt: new Date().toISOString() };
    },
  };
}

function assertAllowed({ allowedCommands }: HookParts, program: string): void {
  const refused = refusedProgram(program, allowedCommands);
  if (refused !== undefined) throw new SwitchbackFailure('CommandNotAllowed', refused);
}

type Held = Pick<QuiesceRequest, 'group' | 'set' | 'site' | 'epoch'>;

/** As long as it is there, the application may be quiesced. */
const holdFile = ({ outputFolder }: HookParts, { group, set, site }: Held): string =>
  path.join(outputFolder, group, 'quiesced', `${set}@${site.name}.json`);

/** Starts the process that resumes the application when everybody else has died. Returns when it is at its post. */
async function hold(parts: HookParts, request: QuiesceRequest): Promise<void> {
  const file = holdFile(parts, request);
  const { resume, timeoutSeconds } = request.policy;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...heldAs(request), since: new Date().toISOString(), resume })}\n`);
  const milliseconds = String(timeoutSeconds * 1000 + HOLD_GRACE_MS);
  const holder = spawn(process.execPath, [path.join(__dirname, 'hold-quiesced.cjs'), file, milliseconds, ...resume], {
    shell: false,
    detached: true,
    cwd: '/',
    env: environmentOf(request),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    holder.once('message', () => resolve());
    holder.once('error', reject);
    holder.once('exit', (code) => reject(new Error(`ended with code ${code ?? 'unknown'} before it was at its post`)));
  }).catch((error: unknown) => {
    const because = error instanceof Error ? error.message : String(error);
    const message = `nothing was quiesced: the process that would resume it when this worker dies ${because}`;
    throw new SwitchbackFailure('QuiesceFailed', message);
  });
  holder.unref();
}

const heldAs = ({ group, set, site, epoch }: Held) => ({ group, set, site: site.name, epoch });

interface Running {
  readonly command: readonly string[];
  readonly request: Held;
  readonly seconds: number;
  readonly code: 'QuiesceFailed' | 'ResumeFailed';
}

async function run(
  parts: HookParts,
  { command, request, seconds, code }: Running,
  context: CallContext,
): Promise<void> {
  const limit = { ms: seconds * 1000, signal: context.signal };
  const { ended, late } = await withinTime(limit, async (signal, isLate) => {
    const program = await runProgram({ command, environment: environmentOf(request), signal });
    return { ended: program, late: isLate() };
  });
  context.signal.throwIfAborted();
  if (ended.ok && !late) return;
  const text = readable(ended, parts.environment);
  const how = late ? `did not end within ${seconds} s and was killed (${ended.how})` : ended.how;
  const said = text === '' ? '' : `: ${endOf(text, MESSAGE_BYTES).replace(/\s+/g, ' ')}`;
  throw new SwitchbackFailure(code, `${command[0] ?? ''} at ${request.site.name}: ${how}${said}`);
}

const environmentOf = ({ group, site, epoch, set }: Held): Readonly<Record<string, string>> => ({
  ...bareEnvironment,
  SWITCHBACK_GROUP: group,
  SWITCHBACK_SITE: site.name,
  SWITCHBACK_ADDRESS: site.address,
  SWITCHBACK_EPOCH: String(epoch),
  SWITCHBACK_POINT_SET: set,
});
