import { z } from 'zod';
import { dnsName, hostAndPort, httpAddress } from './addresses';
import { because, duration, line, matching } from './scalars';

const localProvider = z
  .strictObject({
    driver: z.literal('local').describe('The name server of the local lab.'),
    server: hostAndPort()
      .describe('Where it answers DNS queries.')
      .meta({ examples: ['127.0.0.1:5353'] }),
    api: httpAddress()
      .describe('Where it takes changes.')
      .meta({ examples: ['http://127.0.0.1:5380'] }),
  })
  .describe('An authoritative name server on loopback.')
  .meta({ id: 'LocalProvider' });

const memoryProvider = z
  .strictObject({ driver: z.literal('memory').describe('Records in memory: for simulations and tests.') })
  .describe('Records in memory, for simulations and tests.')
  .meta({ id: 'MemoryProvider' });

const bySite = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    primary: value.describe('That of the primary site.'),
    recovery: value.describe('That of the recovery site.'),
  });

const hostedZoneId = () =>
  matching(
    /^[A-Z0-9]{1,32}$/,
    because('InvalidText', (shown) => `${shown} is not the id of a hosted zone such as "Z0123456789ABCDEFGHIJ"`),
  );

const route53Provider = z
  .strictObject({
    driver: z.literal('route53').describe('Amazon Route 53. Endpoint, region and role are settings of the worker.'),
    hostedZoneId: hostedZoneId()
      .describe('Id of the hosted zone that holds the record.')
      .meta({ examples: ['Z0123456789ABCDEFGHIJ'] }),
    routing: z
      .strictObject({
        policy: z
          .enum(['weighted', 'failover'])
          .describe(
            'weighted: the active site has the weight, the other one 0. failover: the record set of the active site is the primary one.',
          ),
        setIdentifiers: bySite(line(128)).describe('Set identifiers of the record sets of the sites.'),
      })
      .optional()
      .describe(
        'How the record sets of the sites share the name. Without it there is one record set, whose values are replaced.',
      ),
    alias: bySite(
      z.strictObject({
        hostedZoneId: hostedZoneId()
          .describe('Hosted zone of the target: that of the load balancer, or of the record.')
          .meta({ examples: ['Z0123456789ABCDEFGHIJ'] }),
        evaluateTargetHealth: z
          .boolean()
          .default(false)
          .describe('Whether the service looks at the health of the target.'),
      }),
    )
      .optional()
      .describe(
        "The record is an alias: `values` has one name for each site, that of the alias' target. Its TTL is that of the target and cannot be changed: `ttl` says what it is.",
      ),
    nameServers: z
      .array(hostAndPort())
      .min(1)
      .max(16)
      .optional()
      .describe(
        'Name servers of the zone that are asked whether traffic has moved. Default: those that it is delegated to.',
      )
      .meta({ examples: [['10.0.0.2:53']] }),
    resolver: hostAndPort()
      .optional()
      .describe("Resolver that is asked as customers would. Default: that of the worker's machine.")
      .meta({ examples: ['10.0.0.2:53'] }),
  })
  .describe('A hosted zone of Amazon Route 53.')
  .meta({ id: 'Route53Provider' });

export const record = z
  .strictObject({
    name: dnsName()
      .describe('Name that customers use, in full, in lower case, without a dot at the end.')
      .meta({ examples: ['shop.example.test'] }),
    type: z.enum(['A', 'AAAA', 'CNAME']).default('A').describe('Type of record.'),
    ttl: duration({ whole: 'seconds', atMost: '7d' })
      .default('60s')
      .describe('Usual time to live.')
      .meta({ examples: ['5s'] }),
    moveTtl: duration({ whole: 'seconds', atMost: '7d' })
      .default('1s')
      .describe('Time to live while traffic is being moved.'),
    provider: z
      .discriminatedUnion('driver', [localProvider, route53Provider, memoryProvider])
      .describe('Who serves the record.'),
    values: z
      .record(line(63), z.array(line(253)).min(1).max(100))
      .optional()
      .describe(
        "Values that lead to each site, by role (primary, recovery) or name of the site. Default for type A: the sites' addresses.",
      )
      .meta({ examples: [{ primary: ['127.0.1.1'], recovery: ['127.0.2.1'] }] }),
  })
  .describe('A DNS record that leads customers to the active site.')
  .meta({ id: 'Record' });
