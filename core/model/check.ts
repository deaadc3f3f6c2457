/** A question whose answer says whether something is healthy. */
export interface CheckSpec {
  readonly name: string;
  readonly probe: Probe;
  readonly timeoutMs: number;
  /** Pause between two tries. */
  readonly intervalMs: number;
  /** How many tries in a row must pass. */
  readonly successes: number;
  /** From the first of the tries in a row to the last there must be so long; absent: any time. */
  readonly steadyMs?: number;
  /** How long it may take until it passes, in seconds. */
  readonly withinSeconds: number;
}

export type Probe = HttpProbe | TcpProbe | DnsProbe | CommandProbe | ChecksumProbe | SqlProbe;

/** GET on the site's address, past every cache that lets itself be passed; redirects are never followed. */
export interface HttpProbe {
  readonly kind: 'http';
  readonly port: number;
  /** `${nonce}` stands for another text in every try. */
  readonly path: string;
  /** Value of the Host header; default: the site's address. */
  readonly host?: string;
  readonly status: number;
  /** Substring that the body must contain. `${site}` and `${epoch}` stand for those of the run, `${nonce}` for that of the path. */
  readonly bodyContains?: string;
  /** What the body must hold, which then must be JSON. */
  readonly json?: readonly JsonExpectation[];
  /** Headers that must be there with these exact values; `${site}` and `${epoch}` as in `bodyContains`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxLatencyMs?: number;
  /** Doubts that do not count. Absent: each makes the answer one that does not pass. */
  readonly accept?: readonly Doubt[];
}

/** What is at a place of a JSON document: "orders.0.id", "" for all of it. */
export type JsonExpectation =
  | { readonly at: string; readonly equals: string | number | boolean }
  /** At least that number, or so many members of a list, or so many characters of a text. */
  | { readonly at: string; readonly atLeast: number };

/** Why an answer that is as expected may still be a lie. */
export const doubts = ['cached', 'empty', 'error-page', 'unhealthy', 'elsewhere'] as const;
export type Doubt = (typeof doubts)[number];

export interface TcpProbe {
  readonly kind: 'tcp';
  readonly port: number;
  /** Text that the other side must say by itself. */
  readonly banner?: string;
}

export interface DnsProbe {
  readonly kind: 'dns';
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'TXT';
  readonly expect: readonly string[];
  /** Name server "address:port"; default: the resolver of the machine. */
  readonly server?: string;
}

/** A program on the worker's allow-list, no shell; exit code 0 passes. */
export interface CommandProbe {
  readonly kind: 'command';
  readonly command: readonly string[];
}

/** The data of a volume against a manifest inside it (`sha256sum` format), or only that it can be read in full. */
export interface ChecksumProbe {
  readonly kind: 'checksum';
  readonly volume: string;
  /** File in the volume with lines "<sha256>  <path>"; absent: every file is read and hashed. */
  readonly manifest?: string;
}

/** One query on PostgreSQL; passes when the first column of the first row equals `expect`. */
export interface SqlProbe {
  readonly kind: 'sql';
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Name of the environment variable of the worker that holds the password. Never the password. */
  readonly passwordFrom?: string;
  readonly query: string;
  readonly expect: string;
}

/** One try of one check. */
export interface CheckObservation {
  readonly check: string;
  readonly ok: boolean;
  /** What was seen: "200 in 3 ms, body has \"ok\"", "connect ECONNREFUSED 127.0.1.1:7001". */
  readonly saw: string;
  readonly latencyMs: number;
  readonly observedAt: string;
}
