export interface BenchShape {
  readonly group: string;
  /** Priority groups, one after the other. */
  readonly priorities: number;
  readonly workloadsPerGroup: number;
  /** Approvals that failover and reprotect ask for, one after the other. */
  readonly approvals?: number;
}

/** The sites of every runbook of the benchmark; they are in memory. */
export const benchSites = { primary: 'north', recovery: 'south' } as const;

/**
 * A runbook of the wanted size, as YAML. Every workload writes a volume of its own. Replication makes one pass and then rests,
 * so that only the run is measured; steps are missed after the shortest heartbeat, as a group that must come back soon has it.
 */
export function benchRunbook(shape: BenchShape): string {
  const numbers = Array.from({ length: shape.priorities * shape.workloadsPerGroup }, (_, index) => index);
  const workloads = numbers.map((number) => {
    const check = `{ name: w${number}, tcp: { port: ${2000 + number} }, interval: 10ms, successes: 1 }`;
    const priority = 1 + Math.floor(number / shape.workloadsPerGroup);
    return `  - { name: w${number}, priority: ${priority}, volumes: [v${number}], checks: [${check}] }`;
  });
  const gates = Array.from({ length: shape.approvals ?? 0 }, (_, index) => `{ approval: { name: gate-${index} } }`);
  return `
switchback: 1
group: ${shape.group}
objectives: { rpo: 12h, rto: 1h }
sites:
  primary: { name: ${benchSites.primary}, driver: memory, address: 127.0.1.1 }
  recovery: { name: ${benchSites.recovery}, driver: memory, address: 127.0.2.1 }
workloads:
${workloads.join('\n')}
volumes:
${numbers.map((number) => `  - { name: v${number} }`).join('\n')}
replication: { every: 6h }
operations:
  failover: { gates: [${gates.join(', ')}] }
  reprotect: { gates: [${gates.join(', ')}] }
execution: { concurrency: 200, heartbeat: 1s }
`;
}
