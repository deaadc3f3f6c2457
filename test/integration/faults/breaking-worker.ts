import type { WorkflowHandle } from '@temporalio/client';
import type { WorkerProcess, WorkerSupply } from './worker-process';

/** The only worker, which is replaced by one that is suspended at some place of a run. */
export class BreakingWorker {
  current: WorkerProcess;

  constructor(private readonly supply: WorkerSupply) {
    this.current = supply.start();
  }

  /** The run comes to this place, the world breaks while its worker is suspended there, and the worker goes on. */
  async breakAt(place: string, run: () => Promise<WorkflowHandle>, harm: () => unknown): Promise<WorkflowHandle> {
    await this.current.stop();
    this.current = this.supply.start({ failpoints: [place] });
    const handle = await run();
    await this.current.suspended();
    await harm();
    this.current.signal('SIGCONT');
    return handle;
  }
}

/** What somebody answers to a failed step. */
export const answer = (handle: WorkflowHandle, message: string): Promise<unknown> =>
  handle.executeUpdate(message, { args: [{ by: 'ana@example.com', reason: 'the test says so' }] });
