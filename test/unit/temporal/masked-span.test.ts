import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { maskCredentials } from '../../../core/model/credentials';
import { maskedSpan } from '../../../temporal/masked-span';

test('a span keeps all but what looks like a credential: in attributes, status and events', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const span = provider.getTracer('test').startSpan('call', { attributes: { 'switchback.site': 'alpha', epoch: 3 } });
  span.setAttribute('url', 'https://ana:hunter22@example.com/');
  span.setStatus({ code: 2, message: 'password=hunter22 was refused' });
  span.recordException(new Error('token: hunter22'));
  span.end();
  const [ended] = exporter.getFinishedSpans();
  if (ended === undefined) throw new Error('nothing was exported');
  const masked = maskedSpan(ended, maskCredentials);
  const { attributes, status, events } = masked;
  expect(JSON.stringify({ attributes, status, events })).not.toContain('hunter22');
  expect(attributes).toEqual({ 'switchback.site': 'alpha', epoch: 3, url: 'https://***@example.com/' });
  expect([masked.name, masked.spanContext(), masked.ended]).toEqual(['call', ended.spanContext(), true]);
  expect(JSON.stringify(ended.status)).toContain('hunter22');
});
