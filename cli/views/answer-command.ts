import type { JsonObject } from '../../core/model/json';
import type { MessageName } from '../../workflows/messages';

export interface Answer {
  readonly message: string;
  readonly payload: JsonObject;
}

/** The command of each message; `decide` has four, by its decision. */
export const messageCommands: Readonly<Record<Exclude<MessageName, 'decide'>, string>> = {
  withdraw: 'withdraw',
  delegate: 'delegate',
  pause: 'pause',
  resume: 'resume',
  retry: 'retry',
  skip: 'skip',
  markDone: 'mark-done',
  rollback: 'rollback',
  abort: 'abort',
  choosePoint: 'choose-point',
};

/** What the workflows put where they do not know who will answer; the command fills in who runs it. */
const ANYONE = 'you@example.com';

/** The command line that sends a message to a run. */
export function answerCommand(run: string, { message, payload }: Answer): string {
  const option = (name: string): string[] => {
    const value = payload[name];
    return typeof value === 'string' && value !== ANYONE ? [`--${name}`, shellQuoted(value)] : [];
  };
  if (message === 'decide') {
    const { decision, gate } = payload;
    if (decision === 'done' || decision === 'failed') {
      const step = typeof gate === 'string' ? [shellQuoted(gate)] : [];
      return ['switchback', decision, shellQuoted(run), ...step, ...option('by'), ...option('comment')].join(' ');
    }
    const verb = decision === 'decline' ? 'reject' : 'approve';
    return ['switchback', verb, shellQuoted(run), ...option('gate'), ...option('by'), ...option('comment')].join(' ');
  }
  const verb = isMessage(message) ? messageCommands[message] : message;
  return ['switchback', verb, shellQuoted(run), ...option('step'), ...option('by'), ...option('reason')].join(' ');
}

const isMessage = (name: string): name is keyof typeof messageCommands => Object.hasOwn(messageCommands, name);

/** A word for a POSIX shell, quoted only when it has to be. */
export const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
