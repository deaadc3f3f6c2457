import { sendMessage } from '../../cli/temporal/send-message';
import type { Session } from '../../cli/temporal/session';
import { span } from '../../cli/terminal/line';
import { answerCommand } from '../../cli/views/answer-command';
import { SwitchbackFailure } from '../../core/model/failure';
import type { WaitingFor } from '../../core/model/run';
import type { Screen } from '../screen/screen';

/** Who answers at the gates of one kind. */
export interface Person {
  readonly gate: 'approval' | 'declare-lost';
  readonly by: string;
  /** Default: approve. */
  readonly decision?: 'decline';
  readonly comment?: string;
}

export interface AnswersOptions {
  readonly session: Session;
  readonly screen: Screen;
  readonly workflowId: string;
  readonly people: readonly Person[];
}

/** Answers for people, through the same message that they would send. */
export class Answers {
  private readonly given = new Set<string>();
  private readonly controller = new AbortController();

  constructor(private readonly options: AnswersOptions) {}

  /** Aborted, with what is wrong as its reason, when the run waits for something that nobody is here to give. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What the run waits for now. */
  hear(waitingFor: readonly WaitingFor[]): void {
    for (const waiting of waitingFor) {
      const key = `${waiting.name} ${waiting.since}`;
      if (this.given.has(key)) continue;
      this.given.add(key);
      this.answer(waiting).catch((error: unknown) => this.controller.abort(error));
    }
  }

  private async answer(waiting: WaitingFor): Promise<void> {
    const { screen, session, workflowId, people } = this.options;
    if (waiting.kind === 'window') {
      screen.say([
        span('  ◆ ', 'magenta'),
        span(`gate ${waiting.name} waits until ${waiting.opensAt ?? 'its window opens'}`),
      ]);
      return;
    }
    const asked = people.filter(({ gate }) => gate === waiting.kind);
    if (asked.length === 0) throw unanswerable(workflowId, waiting);
    screen.say([span('  ◆ ', 'magenta'), span(`gate ${waiting.name}: ${waiting.prompt}`)]);
    for (const { by, decision = 'approve', comment } of asked) {
      const payload = { gate: waiting.name, by, decision, ...(comment !== undefined && { comment }) };
      screen.say(
        [span(`    ${by} answers:`)],
        [span(`    npx ${answerCommand(workflowId, { message: 'decide', payload })}`, 'cyan')],
      );
      const sent = await sendMessage(session, workflowId, { name: 'decide', payload });
      if (!sent.accepted) throw new SwitchbackFailure('StepFailed', `the answer was refused: ${sent.because}`);
    }
  }
}

const unanswerable = (workflowId: string, { kind, name, prompt }: WaitingFor): SwitchbackFailure =>
  new SwitchbackFailure(
    'StepFailed',
    `${workflowId} waits for an answer that nobody gives (${kind} ${name}): ${prompt}`,
  );
