import { CancellationScope, condition, proxyActivities } from '@temporalio/workflow';
import type { Duration } from '@temporalio/common';
import type { ControlActivities, RunRef } from '../activities/contract';
import { CONTROL_TASK_QUEUE } from '../core/model/names';
import type { NoticeSpec } from '../core/model/notice';
import type { RunEvent } from '../core/model/run';
import { noticeOf } from '../core/running/notice-text';
import { stepErrorOf, type RunRecord } from './run-record';

/** A run that floods people is muted: the last notices of so many are the ones that matter. */
const MOST_NOTICES = 200;

const sender = proxyActivities<Pick<ControlActivities, 'sendNotice'>>({
  taskQueue: CONTROL_TASK_QUEUE,
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { initialInterval: '500 milliseconds', maximumAttempts: 5 },
});

/** Sends notices beside the run: none of them holds it up, and one that fails is in the report and nowhere else. */
export class Notifier {
  private count = 0;
  private open = 0;

  constructor(
    private readonly record: RunRecord,
    private readonly run: RunRef,
  ) {}

  /** From now on, and for what was recorded until now as well. */
  begin(specs: readonly NoticeSpec[]): void {
    if (specs.length === 0) return;
    const hear = (event: RunEvent): void => this.hear(specs, event);
    this.record.events
      .filter(({ kind }) => kind === 'plan-pinned')
      .slice(-1)
      .forEach(hear);
    this.record.listen(hear);
  }

  /** Returns when all are sent or have failed, and at the latest after that time. */
  async settled(within: Duration): Promise<void> {
    if (this.open > 0) await condition(() => this.open === 0, within);
  }

  private hear(specs: readonly NoticeSpec[], event: RunEvent): void {
    const { group, operation, workflowId, runId } = this.run;
    const told = noticeOf(event, `${operation} of ${group}`);
    if (told === undefined) return;
    for (const spec of specs.filter(({ on }) => on.includes(told.kind))) {
      if (this.count >= MOST_NOTICES && told.kind !== 'done') continue;
      this.count += 1;
      const id = `${runId}/notice/${this.count}`;
      void this.send(spec, { ...told, id, at: event.at, group, operation, workflowId });
    }
  }

  private async send(
    spec: NoticeSpec,
    notice: Parameters<ControlActivities['sendNotice']>[0]['notice'],
  ): Promise<void> {
    this.open += 1;
    const { name } = spec;
    const about = notice.kind;
    try {
      const { saw } = await CancellationScope.nonCancellable(() => sender.sendNotice({ spec, notice }));
      this.record.add({ kind: 'notice', name, about, sent: true, saw });
    } catch (error) {
      this.record.add({ kind: 'notice', name, about, sent: false, saw: stepErrorOf(error).message });
    } finally {
      this.open -= 1;
    }
  }
}
