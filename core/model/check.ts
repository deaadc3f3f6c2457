/** A question whose answer says whether something is healthy. */
export interface CheckSpec {
  readonly name: string;
  readonly probe: Probe;
  readonly timeoutMs: number;
  /** Pause between two tries. */
  readonly intervalMs: number;
  /** How many tries in a row must pass. */
  readonly successes: number;
  /** How long it may take until it passes, in seconds. */
  readonly withinSeconds: number;
}

export type Probe = HttpProbe | TcpProbe | DnsProbe | CommandProbe | ChecksumProbe | SqlProbe;

/** GET on the site's address; redirects are never followed. */
export interface HttpProbe {
  readonly kind: 'http';
  readonly port: number;
  readonly path: string;
  /** Value of the Host header; default: the site's address. */
  readonly host?: string;
  readonly status: number;
  /** Substring that the body must contain. `${site}` and `${epoch}` stand for those of the run. */
  readonly bodyContains?: string;
  /** Headers that must be there with these exact values; `${site}` and `${epoch}` as in `bodyContains`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxLatencyMs?: number;
}

export interface TcpProbe {
  readonly kind: 'tcp';
  readonly port: number;
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
