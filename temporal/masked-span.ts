import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Gives a text without secrets. */
export type Mask = (text: string) => string;

const maskedAttributes = <Attributes extends object>(attributes: Attributes, mask: Mask): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? mask(value) : (value as unknown),
    ]),
  ) as Attributes;

/** The span with everything masked that looks like a credential: messages of errors come from anywhere. */
export function maskedSpan(span: ReadableSpan, mask: Mask): ReadableSpan {
  const { status, events, attributes } = span;
  const changed = {
    attributes: maskedAttributes(attributes, mask),
    status: { ...status, ...(status.message !== undefined && { message: mask(status.message) }) },
    events: events.map((event) => ({
      ...event,
      ...(event.attributes && { attributes: maskedAttributes(event.attributes, mask) }),
    })),
  };
  return Object.create(
    span,
    Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, { value, enumerable: true }])),
  ) as ReadableSpan;
}
