import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type Change,
  type ResourceRecordSet,
  type Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallContext } from '../ports';
import { asFailure, isRefusedBatch } from './api-failures';
import { RequestPace } from './request-pace';

/** A batch that was applied, or why none of it was. */
type BatchOutcome =
  { readonly kind: 'applied'; readonly changeId: string } | { readonly kind: 'refused'; readonly why: string };

/** More sets than this of one name and type are no record that a site has a share of. */
const mostSets = 100;

export interface SetPage {
  readonly sets: readonly ResourceRecordSet[];
  /** The zone has further ones. */
  readonly more: boolean;
}
const firstPollMs = 500;
const longestPollMs = 5_000;

export interface SetKey {
  /** Id of the hosted zone. */
  readonly zone: string;
  readonly name: string;
  readonly type: RRType;
}

/** The three calls of the service that the driver makes, and no others: deploy/aws allows exactly these. */
export class Route53Api {
  private readonly pace = new RequestPace();

  constructor(private readonly client: () => Route53Client) {}

  /** The record sets of a zone from one name and type on, in the order of the service: a name comes before those below it. */
  async recordSets({ zone, name, type }: SetKey, context: CallContext): Promise<SetPage> {
    const command = new ListResourceRecordSetsCommand({
      HostedZoneId: zone,
      StartRecordName: name,
      StartRecordType: type,
      MaxItems: mostSets,
    });
    const { ResourceRecordSets = [], IsTruncated = false } = await this.send(zone, context, (abortSignal) =>
      this.client().send(command, { abortSignal }),
    );
    return { sets: ResourceRecordSets, more: IsTruncated };
  }

  /** Applies all of the changes, or none when one of them does not fit what is there. */
  async change(zone: string, changes: readonly Change[], context: CallContext): Promise<BatchOutcome> {
    const command = new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone,
      ChangeBatch: { Comment: 'switchback', Changes: [...changes] },
    });
    return this.send(zone, context, async (abortSignal) => {
      try {
        const { ChangeInfo } = await this.client().send(command, { abortSignal });
        return { kind: 'applied', changeId: ChangeInfo?.Id ?? '' } as const;
      } catch (error) {
        const why = isRefusedBatch(error);
        if (why === undefined) throw error;
        return { kind: 'refused', why } as const;
      }
    });
  }

  /** Resolves when every name server of the service has the change. */
  async inSync(zone: string, changeId: string, context: CallContext): Promise<void> {
    const command = new GetChangeCommand({ Id: changeId });
    for (let wait = firstPollMs; ; wait = Math.min(2 * wait, longestPollMs)) {
      const { ChangeInfo } = await this.send(zone, context, (abortSignal) =>
        this.client().send(command, { abortSignal }),
      );
      if (ChangeInfo?.Status === 'INSYNC') return;
      context.progress({ doing: `waiting until change ${changeId} is at every name server` });
      await pause(wait, undefined, { signal: context.signal });
    }
  }

  private async send<Answer>(
    zone: string,
    { signal }: CallContext,
    call: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      await this.pace.turn(signal);
      return await call(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw asFailure(error, zone);
    }
  }
}
