import type { MetricMeter } from '@temporalio/common';
import { metrics } from '../../../core/model/metrics';
import { groupSamples } from '../../../core/report/group-samples';
import { Gauges } from '../../../workers/telemetry/gauges';
import { protectedShop } from './protected-shop';

/** Keeps what was set last of each series, as the exporter does. */
function recordingMeter(): { readonly meter: MetricMeter; readonly series: ReadonlyMap<string, number> } {
  const series = new Map<string, number>();
  const createGauge = (name: string) => ({
    set: (value: number, labels: object) => series.set(`${name}${JSON.stringify(labels)}`, value),
  });
  return { meter: { createGauge } as unknown as MetricMeter, series };
}

const seen = 'switchback_group_seen_timestamp_seconds{"group":"shop"}';

test('a group that is forgotten is NaN in every series that it ever had, but for when it was seen', () => {
  const { meter, series } = recordingMeter();
  const gauges = new Gauges(meter);
  gauges.set('shop', groupSamples(protectedShop));
  gauges.set('mail', groupSamples(protectedShop));
  gauges.forget('shop');
  const known = [...series].filter(([, value]) => !Number.isNaN(value)).map(([name]) => name);
  expect(known.filter((name) => name.includes('"shop"'))).toEqual([seen]);
  expect(known.filter((name) => name.includes('"mail"')).length).toBeGreaterThan(10);
});

test('every gauge of the table is set', () => {
  const { meter, series } = recordingMeter();
  new Gauges(meter).set('shop', groupSamples(protectedShop));
  const set = new Set([...series.keys()].map((name) => name.replace(/\{.*/, '')));
  const gauges = Object.entries(metrics).filter(([, { type }]) => type === 'gauge');
  expect([...set].sort()).toEqual(gauges.map(([name]) => name).sort());
});
