import type { MetricCounter, MetricHistogram, MetricMeter } from '@temporalio/common';
import { metrics, type StepOutcomeLabel } from '../../core/model/metrics';
import { operationNames, type Operation } from '../../core/model/operation';
import type { StepKind } from '../../core/model/step-kinds';
import { verdictNames, type Verdict } from '../../core/model/verdict';

/** What this process itself has done. */
export class WorkFigures {
  private readonly runs: MetricCounter;
  private readonly steps: MetricHistogram;
  private readonly expected = new Set<string>();

  constructor(meter: MetricMeter) {
    // The exporter appends "_total".
    this.runs = meter.createCounter('switchback_runs', '', metrics.switchback_runs_total.help);
    const steps = 'switchback_step_duration_seconds';
    this.steps = meter.createHistogram(steps, 'float', '', metrics[steps].help);
  }

  /** Counts begin at 0: of one that begins at 1, Prometheus does not see the first run. */
  expect(group: string): void {
    if (this.expected.has(group)) return;
    this.expected.add(group);
    for (const operation of operationNames) {
      for (const verdict of verdictNames) this.runs.add(0, { group, operation, verdict });
    }
  }

  runEnded(group: string, operation: Operation, verdict: Verdict): void {
    this.runs.add(1, { group, operation, verdict });
  }

  stepEnded(kind: StepKind, result: StepOutcomeLabel, seconds: number): void {
    this.steps.record(seconds, { kind, result });
  }
}
