import type { MetricGauge, MetricMeter } from '@temporalio/common';
import { metricNames, metrics, type GaugeName } from '../../core/model/metrics';
import type { Sample } from '../../core/report/group-samples';

type Samples = Readonly<Record<GaugeName, readonly Sample[]>>;

const isGauge = (name: string): name is GaugeName => metrics[name as GaugeName].type === 'gauge';

const gaugeNames = metricNames.filter(isGauge);

/** When the group was seen last stays true, and says how old the rest was. */
const kept: GaugeName = 'switchback_group_seen_timestamp_seconds';

/** The gauges of all groups. What was exported once cannot be taken back: what is not known any more becomes NaN. */
export class Gauges {
  private readonly gauges: ReadonlyMap<GaugeName, MetricGauge>;
  private readonly last = new Map<string, Samples>();

  constructor(meter: MetricMeter) {
    this.gauges = new Map(gaugeNames.map((name) => [name, meter.createGauge(name, 'float', '', metrics[name].help)]));
  }

  set(group: string, samples: Samples): void {
    this.last.set(group, samples);
    for (const name of gaugeNames) this.write(group, name, samples[name]);
  }

  forget(group: string): void {
    const samples = this.last.get(group);
    if (samples === undefined) return;
    this.last.delete(group);
    for (const name of gaugeNames.filter((one) => one !== kept)) {
      this.write(
        group,
        name,
        samples[name].map(({ labels }) => ({ labels, value: NaN })),
      );
    }
  }

  private write(group: string, name: GaugeName, samples: readonly Sample[]): void {
    for (const { labels, value } of samples) this.gauges.get(name)?.set(value, { group, ...labels });
  }
}
