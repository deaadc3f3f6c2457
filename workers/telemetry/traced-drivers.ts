import { SpanKind, SpanStatusCode, type Attributes, type Tracer } from '@opentelemetry/api';
import type { DriverSet, SiteDrivers } from '../../drivers/driver-set';

/** Asked many times while something is waited for: the span of the step tells enough. */
const untraced: ReadonlySet<string> = new Set(['probe', 'resolve']);

/** The drivers, with a span for each call. */
export function tracedDrivers({ sites, traffic }: DriverSet, tracer: Tracer): DriverSet {
  const trace = <Port extends object>(name: string, port: Port): Port => tracedPort(tracer, name, port);
  return {
    sites: Object.fromEntries(
      Object.entries(sites).map(([driver, ports]) => {
        const traced = Object.entries(ports).map(([port, methods]) => [
          port,
          trace(`${driver}.${port}`, methods as object),
        ]);
        return [driver, Object.fromEntries(traced) as SiteDrivers];
      }),
    ),
    traffic: Object.fromEntries(
      Object.entries(traffic).map(([driver, port]) => [driver, trace(`${driver}.traffic`, port)]),
    ),
  };
}

type Method = (...args: unknown[]) => unknown;

const tracedPort = <Port extends object>(tracer: Tracer, name: string, port: Port): Port =>
  new Proxy(port, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key, target);
      if (typeof method !== 'function' || typeof key !== 'string' || untraced.has(key)) return method;
      return (...args: unknown[]) =>
        tracer.startActiveSpan(
          `${name}.${key}`,
          { kind: SpanKind.CLIENT, attributes: attributesOf(args) },
          async (span) => {
            try {
              return await (method as Method).apply(target, args);
            } catch (error) {
              span.setStatus({
                code: SpanStatusCode.ERROR,
                message: error instanceof Error ? error.message : String(error),
              });
              throw error;
            } finally {
              span.end();
            }
          },
        );
    },
  });

interface Named {
  readonly name?: string;
}

/** Of what the methods of the ports take, the names alone. */
interface Argument extends Named {
  readonly driver?: string;
  readonly group?: string;
  readonly operationKey?: string;
  readonly epoch?: number;
  readonly site?: Named;
  readonly source?: Named;
  readonly target?: Named;
  readonly volume?: Named;
  readonly record?: Named;
}

function attributesOf(args: readonly unknown[]): Attributes {
  const given = args.filter((arg): arg is Argument => typeof arg === 'object' && arg !== null && !Array.isArray(arg));
  const first = <Value>(pick: (argument: Argument) => Value | undefined): Value | undefined =>
    given.map(pick).find((value) => value !== undefined);
  const attributes: Record<string, string | number | undefined> = {
    'switchback.group': first(({ group }) => group) ?? args.find((arg) => typeof arg === 'string'),
    'switchback.site': first(({ driver, name, site, target }) =>
      driver === undefined ? (site ?? target)?.name : name,
    ),
    'switchback.source': first(({ source }) => source?.name),
    'switchback.volume': first(({ volume }) => volume?.name),
    'switchback.record': first(({ record }) => record?.name),
    'switchback.operation_key': first(({ operationKey }) => operationKey),
    'switchback.epoch': first(({ epoch }) => epoch),
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
