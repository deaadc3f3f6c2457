import { CONTROL_TASK_QUEUE } from '../../core/model/names';
import { withLab } from '../lab/lab';

const steps = 200;

/** Median of sequential no-op steps, in milliseconds: what `switchback doctor` asks as well. */
export function measureStepTime(): Promise<number> {
  return withLab(
    { group: 'steps', priorities: 1, workloadsPerGroup: 1, stepMs: 0, plan: 'compiled' },
    async ({ client }) => {
      const { medianMs } = await client.workflow.execute<() => Promise<{ medianMs: number }>>('stepTime', {
        taskQueue: CONTROL_TASK_QUEUE,
        workflowId: 'step-time',
        args: [{ steps }] as never,
      });
      return medianMs;
    },
  );
}
