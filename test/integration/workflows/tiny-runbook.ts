/** Two workloads, one volume and one record on in-memory sites. Parts of it can be replaced. */
export const tinyRunbook = (parts: { operations?: string; replication?: string; group?: string } = {}): string => `
switchback: 1
group: ${parts.group ?? 'tiny'}
objectives: { rpo: 5s, rto: 60s }
sites:
  primary: { name: north, driver: memory, address: 127.0.1.1, drill: { address: 127.0.3.1 } }
  recovery: { name: south, driver: memory, address: 127.0.2.1, drill: { address: 127.0.4.1 } }
workloads:
  - name: store
    priority: 1
    volumes: [data]
    checks:
      - { name: store answers, tcp: { port: 7001 }, timeout: 1s, interval: 10ms, successes: 2, within: 1s }
  - name: front
    priority: 2
    dependsOn: [store]
    checks:
      - { name: front answers, tcp: { port: 7002, banner: front }, timeout: 1s, interval: 10ms, successes: 1, within: 1s }
volumes:
  - { name: data, marker: { file: records } }
replication: ${parts.replication ?? '{ every: 1s }'}
traffic:
  - { name: tiny.example.test, type: A, ttl: 1s, moveTtl: 1s, provider: { driver: memory } }
operations: ${parts.operations ?? '{}'}
`;
