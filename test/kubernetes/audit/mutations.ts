import { readFileSync } from 'node:fs';

interface Event {
  readonly verb: string;
  readonly requestReceivedTimestamp: string;
  readonly responseStatus?: { readonly code: number };
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/** A change that the worker asked an API server for, and was granted. */
export interface Mutation {
  /** Milliseconds since 1970, by the clock of the API server. */
  readonly at: number;
  /** "patch deployments/api". */
  readonly what: string;
  /** "" of what belongs to no namespace. */
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
}

const mutating = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** A question in the form of an object. */
const questions = ['selfsubjectaccessreviews', 'selfsubjectreviews'];

/** From the log of an API server that keeps what its worker's user asks for. */
export function mutationsIn(auditLog: string): readonly Mutation[] {
  const events = readFileSync(auditLog, 'utf8').split('\n').slice(0, -1);
  return events
    .map((line) => JSON.parse(line) as Event)
    .flatMap(({ verb, objectRef, responseStatus, requestReceivedTimestamp }) => {
      if (objectRef === undefined || !mutating.includes(verb) || (responseStatus?.code ?? 500) >= 300) return [];
      const { resource, subresource, namespace = '', name = '' } = objectRef;
      if (questions.includes(resource)) return [];
      const what = `${verb} ${[resource, name, subresource].filter(Boolean).join('/')}`;
      return [{ at: Date.parse(requestReceivedTimestamp), what, namespace, resource, name }];
    });
}
