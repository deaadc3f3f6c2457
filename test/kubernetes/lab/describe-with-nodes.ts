import { whyNoRealNodes } from '../../../lab/kubernetes/nodes/machine-needs';

/** Tests whose pods really run, where this machine can be a node; elsewhere one that says in a sentence why they are left out. */
export function describeWithNodes(name: string, tests: () => void): void {
  const why = whyNoRealNodes();
  if (why === undefined) describe(name, tests);
  else test(`${name}: left out, which is said`, () => void process.stderr.write(`${name}: not tested, ${why}.\n`));
}
