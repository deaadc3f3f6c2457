import { ScheduleNotFoundError, type ScheduleClient as Client } from '@temporalio/client';

/** Talks to the Temporal Schedules that start runs. */
export class ScheduleClient {
  constructor(private readonly client: Client) {}

  /** Pauses a schedule that is to pause on failure; another one is left alone, as is one that is paused or gone. */
  async pauseOnFailure({ schedule, note }: { readonly schedule: string; readonly note: string }): Promise<boolean> {
    const handle = this.client.getHandle(schedule);
    try {
      const { policies, state } = await handle.describe();
      if (!policies.pauseOnFailure || state.paused) return false;
      await handle.pause(note);
      return true;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return false;
      throw error;
    }
  }
}
