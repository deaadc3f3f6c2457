import { setImmediate } from 'node:timers/promises';
import type { CallContext, Progress } from '../../ports';
import type { SiteFolder } from '../site-folder';

/** Longest stretch of synchronous file calls: heartbeats and servers of the same process must get their turn. */
const sliceMs = 12;
const reportEveryMs = 50;

/** Lets long work breathe: gives up the event loop, notices cancellation and lost sites, reports progress. */
export class Pacer {
  private sliceStart = performance.now();
  private reportedAt = 0;
  private doing = '';

  constructor(
    private readonly sites: readonly SiteFolder[],
    private readonly context?: CallContext,
  ) {}

  /** True when it is time to `breathe`. */
  get due(): boolean {
    return performance.now() - this.sliceStart > sliceMs;
  }

  async breathe(progress?: Progress): Promise<void> {
    this.report(progress);
    this.check();
    await setImmediate();
    this.check();
    this.sliceStart = performance.now();
  }

  /** Throws the reason of the cancellation, or `SiteUnreachable`. */
  check(): void {
    this.context?.signal.throwIfAborted();
    for (const site of this.sites) site.assertReachable();
  }

  private report(progress: Progress | undefined): void {
    if (progress === undefined || this.context === undefined) return;
    const now = performance.now();
    if (progress.doing === this.doing && now - this.reportedAt < reportEveryMs) return;
    this.reportedAt = now;
    this.doing = progress.doing;
    this.context.progress(progress);
  }
}
