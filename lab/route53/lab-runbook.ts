import { isMap, isSeq, parseDocument } from 'yaml';

/** The text of a runbook whose records in Route 53 are asked for at this name server, as everything else of it stays. */
export function labRunbook(text: string, nameServer: string): string {
  const document = parseDocument(text);
  const traffic = document.get('traffic');
  for (const record of isSeq(traffic) ? traffic.items : []) {
    const provider = isMap(record) ? record.get('provider') : undefined;
    if (!isMap(provider) || provider.get('driver') !== 'route53') continue;
    provider.set('nameServers', [nameServer]);
    provider.set('resolver', nameServer);
  }
  return document.toString({ lineWidth: 0 });
}
