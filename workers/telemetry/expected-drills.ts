import type { Client, ScheduleSummary } from '@temporalio/client';
import type { ExpectedDrills } from '../../core/report/group-samples';
import { ownName } from '../../temporal/schedule-name';

/** Reads how often drills are planned, from the schedules that were applied. */
export class ExpectedDrillsReader {
  /** The list does not say when a schedule was made, and that never changes. */
  private readonly madeAt = new Map<string, string>();

  constructor(private readonly client: Client) {}

  /** By group. */
  async read(): Promise<ReadonlyMap<string, ExpectedDrills>> {
    const planned = new Map<string, ExpectedDrills>();
    for await (const schedule of this.client.schedule.list()) {
      const group = ownName(schedule.memo, schedule.scheduleId)?.group;
      if (group === undefined || schedule.action?.workflowType !== 'drill') continue;
      const own = { ...longestInterval(schedule.info.nextActionTimes), since: await this.made(schedule) };
      planned.set(group, both(own, planned.get(group)));
    }
    return planned;
  }

  private async made({ scheduleId }: ScheduleSummary): Promise<string> {
    const known = this.madeAt.get(scheduleId);
    if (known !== undefined) return known;
    const { info } = await this.client.schedule.getHandle(scheduleId).describe();
    const at = info.createdAt.toISOString();
    this.madeAt.set(scheduleId, at);
    return at;
  }
}

function longestInterval(planned: readonly Date[]): Pick<ExpectedDrills, 'intervalSeconds'> {
  const gaps = planned.slice(1).map((time, index) => (time.getTime() - (planned[index] ?? time).getTime()) / 1000);
  return gaps.length > 0 ? { intervalSeconds: Math.max(...gaps) } : {};
}

/** What the one that starts more often makes sure of. */
function both(one: ExpectedDrills, other: ExpectedDrills = one): ExpectedDrills {
  const intervals = [one, other].flatMap(({ intervalSeconds }) => intervalSeconds ?? []);
  const since = one.since < other.since ? one.since : other.since;
  return { since, ...(intervals.length > 0 && { intervalSeconds: Math.min(...intervals) }) };
}
