import { readFileSync } from 'node:fs';

interface Event {
  readonly verb: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
  };
}

/** Every user may ask who he is and what he may do. */
const ofEverybody = ['selfsubjectaccessreviews', 'selfsubjectreviews'];

/** What the worker's user has asked for so far, as a Role would have to say it, by namespace; "" is the cluster. */
export function asked(auditLog: string, namespace: string): readonly string[] {
  const events = readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  const words = events.flatMap(({ verb, objectRef }) => {
    if (objectRef === undefined || ofEverybody.includes(objectRef.resource)) return [];
    const { apiGroup = '', resource, subresource, namespace: place = '' } = objectRef;
    if (place !== namespace) return [];
    return [`${verb} ${apiGroup}/${resource}${subresource === undefined ? '' : `/${subresource}`}`];
  });
  return [...new Set(words)].sort();
}
