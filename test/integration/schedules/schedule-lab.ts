import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScheduleDescription } from '@temporalio/client';
import type { ScheduleChange } from '../../../cli/schedules/apply-schedules';
import type { ScheduleState } from '../../../cli/schedules/scheduled-runs';
import { runCommand, type Outcome } from '../../unit/cli/run-command';
import { startMemoryLab, type MemoryLab } from '../workflows/memory-lab';
import { tinyRunbook } from '../workflows/tiny-runbook';

/** The tiny runbook with these schedules. */
const runbookWith = (schedules: readonly string[], operations: string): string =>
  `${tinyRunbook({ operations })}
schedules: [${schedules.map((one) => `{ operation: drill, timeZone: Europe/Berlin, ${one} }`).join(', ')}]
`;

/** A memory lab, and the command line that talks to it. */
export interface ScheduleLab {
  readonly lab: MemoryLab;
  /** Writes what the runbook declares from now on. */
  declare(...schedules: readonly string[]): Promise<void>;
  cli(...args: readonly string[]): Promise<Outcome>;
  /** `schedule apply`: what became of each schedule. */
  apply(...args: readonly string[]): Promise<readonly ScheduleChange[]>;
  list(): Promise<readonly ScheduleState[]>;
  describe(name: string): Promise<ScheduleDescription>;
  until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T>;
}

export async function startScheduleLab(operations = '{}'): Promise<ScheduleLab> {
  const lab = await startMemoryLab(runbookWith([], operations));
  const env = { TEMPORAL_ADDRESS: lab.address, SWITCHBACK_USER: 'ana@example.com' };
  const cli = (...args: readonly string[]): Promise<Outcome> => runCommand(['schedule', ...args], env);
  const json = async (...args: readonly string[]): Promise<unknown> => {
    const { code, out, notes } = await cli(...args, '--json');
    if (code !== 0) throw new Error(notes);
    return JSON.parse(out);
  };
  return {
    lab,
    cli,
    declare: (...schedules) =>
      writeFile(path.join(lab.home, 'runbooks', 'tiny.yaml'), runbookWith(schedules, operations)),
    apply: async (...args) =>
      ((await json('apply', 'tiny', ...args)) as { schedules: readonly ScheduleChange[] }).schedules,
    list: async () => (await json('list', 'tiny')) as readonly ScheduleState[],
    describe: (name) => lab.client.schedule.getHandle(`schedule/tiny/${name}`).describe(),
    until: async (look, holds) => {
      for (;;) {
        const seen = await look();
        if (holds(seen)) return seen;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
