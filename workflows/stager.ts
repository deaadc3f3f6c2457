import { CancellationScope, condition, isCancellation, setHandler } from '@temporalio/workflow';
import type { Runbook } from '../core/model/runbook';
import type { StagePolicy } from '../core/model/stage';
import { staged, stageFailed, summaryOf, whyNotStaged } from '../core/running/stage-rules';
import { stagedUpdate } from './protection-messages';
import { checked } from './protection-refusals';
import { stepErrorOf } from './run-record';
import { stagePass } from './stage-pass';
import type { StateCell } from './state-cell';

/**
 * Keeps the objects of the standby current, on a schedule of its own beside that of replication. Of a group whose runbook says
 * nothing of staging it does nothing: no command of it is in a history, and none needs a patch.
 */
export class Stager {
  private runbook: Runbook | undefined;
  private keeping: Promise<void> | undefined;
  private ended = false;

  constructor(private readonly cell: StateCell) {
    // What people ask for is a run of its own, and tells what it did.
    setHandler(
      stagedUpdate,
      ({ pass }) => {
        this.cell.change(staged(this.cell.get(), pass));
        return 'noted';
      },
      checked('staged'),
    );
  }

  /** With the runbook as it is now. */
  keep(runbook: Runbook): void {
    this.runbook = runbook;
    if (runbook.stage === undefined) return;
    // Ends badly only with the workflow itself.
    this.keeping ??= this.keepCurrent().catch(() => undefined);
  }

  /** Ends the pass that runs, and lets no further one begin. */
  async end(): Promise<void> {
    this.ended = true;
    await this.keeping;
  }

  private async keepCurrent(): Promise<void> {
    for (;;) {
      await condition(() => this.ended || this.ready !== undefined);
      const policy = this.ready;
      if (this.ended || policy === undefined) return;
      await this.pass(policy);
      await condition(() => this.ended || this.ready === undefined, policy.everySeconds * 1000);
    }
  }

  private get ready(): StagePolicy | undefined {
    return whyNotStaged(this.cell.get()) === undefined ? this.runbook?.stage : undefined;
  }

  /** Ends when an operation takes the group: it may start what a pass looks at. */
  private async pass(policy: StagePolicy): Promise<void> {
    const { runbook } = this;
    if (runbook === undefined) return;
    const scope = new CancellationScope();
    let running = true;
    void condition(() => !running || this.ended || this.ready === undefined).then(() => scope.cancel());
    try {
      const diff = await scope.run(() => stagePass(runbook, policy, { ...this.cell.get(), dryRun: false }));
      this.cell.change(staged(this.cell.get(), summaryOf(diff)));
    } catch (error) {
      if (!isCancellation(error)) this.cell.change(stageFailed(this.cell.get(), stepErrorOf(error).message));
    } finally {
      running = false;
    }
  }
}
