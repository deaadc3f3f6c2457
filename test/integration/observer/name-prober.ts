import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { now, type Stretch } from './outside-ledger';

const everyMs = 25;

export interface SeenAnswer {
  /** Milliseconds since 1970 at which it was first given. */
  readonly at: number;
  readonly values: readonly string[];
}

/** Asks a name server all the time, and keeps when its answer changed. */
export class NameProber {
  private readonly answers: SeenAnswer[] = [];
  private readonly resolver = new Resolver({ timeout: 500, tries: 1 });
  private asking = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly name: string,
    nameServer: string,
  ) {
    this.resolver.setServers([nameServer]);
    this.done = this.ask();
  }

  /** Each time that the name began to lead elsewhere. */
  changes({ from, to }: Stretch): readonly SeenAnswer[] {
    return this.answers.slice(1).filter(({ at }) => at >= from && at <= to);
  }

  async close(): Promise<void> {
    this.asking = false;
    await this.done;
  }

  private async ask(): Promise<void> {
    while (this.asking) {
      const values = await this.resolver.resolve4(this.name).catch(() => undefined);
      const last = this.answers.at(-1)?.values;
      if (values && JSON.stringify(values) !== JSON.stringify(last)) this.answers.push({ at: now(), values });
      await sleep(everyMs);
    }
  }
}
