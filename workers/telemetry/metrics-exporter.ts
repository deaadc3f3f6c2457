import type { MetricsExporterConfig } from '@temporalio/worker';
import { stepDurationBuckets } from '../../core/model/metrics';

/**
 * The SDK's Prometheus exporter, with names as Prometheus wants them: totals, units and seconds. What the SDK tells of itself is
 * exported beside our own metrics, with the prefix `temporal_`.
 */
export const metricsExporter = (bindAddress: string): MetricsExporterConfig => ({
  attachServiceName: false,
  prometheus: {
    bindAddress,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
    histogramBucketOverrides: { switchback_step_duration_seconds: [...stepDurationBuckets] },
  },
});
