import { ListResourceRecordSetsCommand, Route53Client, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { listenForQueries } from '../../drivers/local/dns/dns-listener';
import { servedSets } from './served-sets';

interface NameServerOptions {
  /** Where moto answers. */
  readonly endpoint: string;
  readonly hostedZoneIds: readonly string[];
  readonly host?: string;
  /** Absent: a free one. */
  readonly port?: number;
}

export interface RunningNameServer {
  readonly port: number;
  close(): void;
}

/** moto takes any; the lab asks for no others. */
export const labCredentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };

/** moto that does not answer for so long is answered for from what it held before, as the service's name servers do. */
const refreshWithinMs = 500;

/**
 * A name server that answers from the record sets that moto holds at the moment of each question. It goes on answering with
 * the last ones when moto is down: of Route 53, answers have gone on while changes were impossible.
 */
export async function startNameServer(options: NameServerOptions): Promise<RunningNameServer> {
  const { endpoint, hostedZoneIds, host = '127.0.0.1', port = 0 } = options;
  const client = new Route53Client({ endpoint, region: 'us-east-1', credentials: labCredentials, maxAttempts: 1 });
  let last: readonly ResourceRecordSet[] = [];
  let serial = 0;
  const view = async () => {
    const now = await recordSetsOf(client, hostedZoneIds).catch(() => last);
    if (JSON.stringify(now) !== JSON.stringify(last)) serial += 1;
    last = now;
    return { sets: servedSets(last), serial };
  };
  await view();
  const listening = await listenForQueries(host, port, view);
  const close = (): void => {
    listening.close();
    client.destroy();
  };
  return { port: listening.port, close };
}

async function recordSetsOf(
  client: Route53Client,
  hostedZoneIds: readonly string[],
): Promise<readonly ResourceRecordSet[]> {
  const abortSignal = AbortSignal.timeout(refreshWithinMs);
  const ask = async (HostedZoneId: string): Promise<readonly ResourceRecordSet[]> => {
    const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId, MaxItems: 300 }), { abortSignal });
    if (page.IsTruncated === true) throw new Error('the lab serves zones of at most 300 record sets');
    return page.ResourceRecordSets ?? [];
  };
  return (await Promise.all(hostedZoneIds.map(ask))).flat();
}
