import { z } from 'zod';
import { dnsName, hostAndPort, httpAddress } from './addresses';
import { duration, line } from './scalars';

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
    provider: z.discriminatedUnion('driver', [localProvider, memoryProvider]).describe('Who serves the record.'),
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
