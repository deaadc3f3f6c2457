import { z } from 'zod';
import { dnsName, hostAndPort } from './addresses';
import { headerName, headerValue, httpHost, httpPath } from './http-text';
import { command, duration, line, name, port, relativePath, variableName } from './scalars';

const portOfWorkload = () =>
  port()
    .optional()
    .describe("TCP port at the site's address. Default: the port of the workload that the check belongs to.");

const http = z
  .strictObject({
    port: portOfWorkload(),
    path: httpPath()
      .default('/')
      .describe('Path and query.')
      .meta({ examples: ['/health'] }),
    host: httpHost()
      .optional()
      .describe("Host header. Default: the site's address.")
      .meta({ examples: ['shop.example.test'] }),
    status: z.int().min(100).max(599).default(200).describe('Status that the answer must have.'),
    bodyContains: line()
      .optional()
      .describe('Text that the body must contain. `${site}` and `${epoch}` stand for those of the run.')
      .meta({ examples: ['"ok":true'] }),
    headers: z
      .record(headerName(), headerValue())
      .optional()
      .describe(
        'Headers that the answer must have, with exactly these values; `${site}` and `${epoch}` as in `bodyContains`.',
      )
      .meta({ examples: [{ 'x-switchback-site': '${site}' }] }),
    maxLatency: duration()
      .optional()
      .describe('An answer that takes longer does not pass.')
      .meta({ examples: ['250ms'] }),
  })
  .describe("GET at the site's address. Redirects are not followed.")
  .meta({ id: 'HttpProbe' });

const tcp = z
  .strictObject({ port: portOfWorkload() })
  .describe("A connection to a port at the site's address.")
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
    timeout: duration({ atMost: '1h' }).default('2s').describe('Longest time of one try.'),
    interval: duration({ atMost: '1h' }).default('500ms').describe('Pause between two tries.'),
    successes: z.int().min(1).max(100).default(2).describe('How many tries in a row must pass.'),
    within: duration({ atMost: '1d' }).default('60s').describe('How long it may take until it has passed.'),
  })
  .describe(
    'A question whose answer says whether something is healthy. Has exactly one of http, tcp, dns, command, checksum and sql.',
  )
  .meta({ id: 'Check', oneOf: probeKinds.map((kind) => ({ required: [kind] })) });
