import { createHmac } from 'node:crypto';
import { missingIn, newCanary, type Canary } from './canary';
import type { Exchange } from './talker';

/** Who says or hears a canary where it is planted. */
export type Speaker =
  | 'environment of a worker'
  | 'talk'
  | 'undo'
  | 'break'
  | 'check'
  | 'ending'
  | 'login'
  | 'refused login'
  | 'service answers'
  | 'notice asks'
  | 'notice signs'
  | 'notice answers'
  | 'tickets asks'
  | 'tickets signs'
  | 'tickets answers'
  | 'client of Temporal'
  | 'native client of Temporal'
  | 'refusal by Temporal';

/** A canary, and all those who must have spoken it: a search for what nobody ever said finds nothing, and means nothing. */
export interface Planted extends Canary {
  readonly speakers: readonly Speaker[];
}

export const plant = (where: string, ...speakers: readonly [Speaker, ...Speaker[]]): Planted => ({
  ...newCanary(where),
  speakers,
});

/** What was really said and heard, apart from everything that is searched. */
export class Spoken {
  private readonly words = new Map<string, Buffer[]>();

  note(speaker: Speaker, said: string | Buffer): void {
    this.words.set(speaker, [...(this.words.get(speaker) ?? []), Buffer.from(said)]);
  }

  /** Of a server that is called: what it is asked, by which of these keys the call is signed, and what it answers. */
  exchange({ path, headers, body, answer }: Exchange, keys: readonly Canary[]): void {
    const name = path.startsWith('/notice') ? 'notice' : 'tickets';
    this.note(`${name} asks`, path);
    const signed = `${String(headers['switchback-timestamp'])}.${body}`;
    for (const { secret } of keys) {
      const hex = createHmac('sha256', secret).update(signed).digest('hex');
      if (headers['switchback-signature'] === `sha256=${hex}`) this.note(`${name} signs`, secret);
    }
    this.note(`${name} answers`, JSON.stringify(answer));
  }

  /** Each canary that somebody did not speak who should have, as "<where>: not by <speaker>". */
  unspoken(canaries: readonly Planted[]): readonly string[] {
    return canaries.flatMap((canary) =>
      canary.speakers
        .filter((speaker) => missingIn(Buffer.concat(this.words.get(speaker) ?? []), [canary]).length > 0)
        .map((speaker) => `${canary.where}: not by ${speaker}`),
    );
  }
}
