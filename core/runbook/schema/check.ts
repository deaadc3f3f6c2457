import { z } from 'zod';
import { doubts } from '../../model/check';
import { dnsName, hostAndPort } from './addresses';
import { headerName, headerValue, httpHost, httpPath } from './http-text';
import { because, command, duration, line, name, port, relativePath, variableName } from './scalars';

/** The keys of which an expectation has exactly one. */
export const jsonKinds = ['equals', 'atLeast'] as const;

const portOfWorkload = () =>
  port()
    .optional()
    .describe("TCP port at the site's address. Default: the port of the workload that the check belongs to.");

const jsonExpectation = z
  .strictObject({
    at: z
      .string()
      .max(200)
      .regex(
        /^(?:[^.\s]+(?:\.[^.\s]+)*)?$/,
        because('InvalidText', (shown) => `${shown} is not a place in JSON such as "orders.0.id"`),
      )
      .describe('Keys, and positions in lists from 0 on, with dots between them; "" is the whole document.')
      .meta({ examples: ['orders.0.id'] }),
    equals: z
      .union([line(), z.number(), z.boolean()])
      .optional()
      .describe('What must be there, as text, number or boolean; placeholders as in `bodyContains`.')
      .meta({ examples: ['${site}'] }),
    atLeast: z
      .number()
      .optional()
      .describe('The least that the number there, the members of the list or the characters of the text may be.')
      .meta({ examples: [1] }),
  })
  .describe('What must be at a place of a JSON document. Has exactly one of equals and atLeast.')
  .meta({ id: 'JsonExpectation', oneOf: jsonKinds.map((kind) => ({ required: [kind] })) });

const http = z
  .strictObject({
    port: portOfWorkload(),
    path: httpPath()
      .default('/')
      .describe('Path and query. `${nonce}` stands for another text in every try, which no cache has seen before.')
      .meta({ examples: ['/health', '/orders?try=${nonce}'] }),
    host: httpHost()
      .optional()
      .describe("Host header. Default: the site's address.")
      .meta({ examples: ['shop.example.test'] }),
    status: z.int().min(100).max(599).default(200).describe('Status that the answer must have.'),
    bodyContains: line()
      .optional()
      .describe(
        'Text that the body must contain. `${site}` and `${epoch}` stand for those of the run, `${nonce}` for that of the path.',
      )
      .meta({ examples: ['"ok":true'] }),
    json: z
      .array(jsonExpectation)
      .min(1)
      .max(20)
      .optional()
      .describe('What the body must hold, which then must be JSON of at most 64 KiB.')
      .meta({ examples: [[{ at: 'orders', atLeast: 1 }]] }),
    headers: z
      .record(headerName(), headerValue())
      .optional()
      .describe(
        'Headers that the answer must have, with exactly these values; `${site}`, `${epoch}` and `${nonce}` as in `bodyContains`.',
      )
      .meta({ examples: [{ 'x-switchback-site': '${site}' }] }),
    maxLatency: duration()
      .optional()
      .describe('An answer that takes longer does not pass. Default: 1s; where `timeout` is written, that alone.')
      .meta({ examples: ['250ms'] }),
    accept: z
      .array(z.enum(doubts))
      .min(1)
      .optional()
      .describe(
        'Answers that pass although they are doubtful: `cached` (a cache gave it), `empty` (JSON without anything in it), `error-page` (a page whose title is an error), `unhealthy` (JSON that says so of itself), `elsewhere` (it names another site or epoch, or a redirect leads to another host).',
      )
      .meta({ examples: [['cached']] }),
  })
  .describe("GET at the site's address, which asks caches to be passed by. Redirects are not followed.")
  .meta({ id: 'HttpProbe' });

const tcp = z
  .strictObject({
    port: portOfWorkload(),
    banner: line(200)
      .optional()
      .describe('Text that the other side must say by itself. Default: it is enough that it does not hang up.')
      .meta({ examples: ['SSH-2.0'] }),
  })
  .describe("A connection to a port at the site's address, which somebody holds. Says nothing about who.")
  .meta({ id: 'TcpProbe' });

const dns = z
  .strictObject({
    name: dnsName()
      .describe('Name to resolve.')
      .meta({ examples: ['shop.example.test'] }),
    type: z.enum(['A', 'AAAA', 'CNAME', 'TXT']).default('A').describe('Type of record.'),
    expect: z
      .array(line(253))
      .min(1)
      .describe('The values, all of them, in any order.')
      .meta({ examples: [['127.0.1.1']] }),
    server: hostAndPort()
      .optional()
      .describe('Name server to ask. Default: the resolver of the machine.')
      .meta({ examples: ['127.0.0.1:5353'] }),
  })
  .describe('What a name resolves to.')
  .meta({ id: 'DnsProbe' });

const commandProbe = command()
  .describe("A program on the worker's allow-list and its arguments, without a shell. Exit code 0 passes.")
  .meta({ examples: [['/usr/local/bin/check-orders', '--quick']] });

const checksum = z
  .strictObject({
    volume: name()
      .describe('Volume whose files are read and hashed.')
      .meta({ examples: ['orders'] }),
    manifest: relativePath()
      .optional()
      .describe(
        'File in the volume with lines "<sha256>  <path>", as sha256sum writes them. Default: every file must be readable.',
      )
      .meta({ examples: ['SHA256SUMS'] }),
  })
  .describe('The data of a volume.')
  .meta({ id: 'ChecksumProbe' });

const sql = z
  .strictObject({
    port: port().default(5432).describe("Port of PostgreSQL at the site's address."),
    database: line(63)
      .describe('Database.')
      .meta({ examples: ['intranet'] }),
    user: line(63)
      .describe('User.')
      .meta({ examples: ['switchback'] }),
    passwordFrom: variableName()
      .optional()
      .describe("Name of the worker's environment variable that holds the password. Never the password itself.")
      .meta({ examples: ['INTRANET_DB_PASSWORD'] }),
    query: line()
      .describe('One query that changes nothing.')
      .meta({ examples: ['select count(*) > 0 from pages'] }),
    expect: line()
      .describe('What the first column of the first row must be, as text.')
      .meta({ examples: ['t'] }),
  })
  .describe('A query on PostgreSQL.')
  .meta({ id: 'SqlProbe' });

/** The keys of which a check has exactly one. */
export const probeKinds = ['http', 'tcp', 'dns', 'command', 'checksum', 'sql'] as const;

export const check = z
  .strictObject({
    name: line(100)
      .describe('What the check shows, in words.')
      .meta({ examples: ['ledger answers'] }),
    http: http.optional(),
    tcp: tcp.optional(),
    dns: dns.optional(),
    command: commandProbe.optional(),
    checksum: checksum.optional(),
    sql: sql.optional(),
    timeout: duration({ atMost: '1h' }).optional().describe('Longest time of one try. Default: 2s.'),
    interval: duration({ atMost: '1h' }).default('250ms').describe('Pause between two tries.'),
    successes: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        'How many tries in a row must pass; after each try that fails once others have passed twice as many, four times at most. Default: 3, of an interval longer than 250ms 2.',
      ),
    steady: duration({ atMost: '1h' })
      .optional()
      .describe('For how long tries in a row must pass. Default: as long as `successes` of them take.')
      .meta({ examples: ['10s'] }),
    within: duration({ atMost: '1d' }).default('60s').describe('How long it may take until it has passed.'),
  })
  .describe(
    'A question whose answer says whether something is healthy. Has exactly one of http, tcp, dns, command, checksum and sql.',
  )
  .meta({ id: 'Check', oneOf: probeKinds.map((kind) => ({ required: [kind] })) });
