import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRunbook } from '../../../core/runbook/parse-runbook';
import { serve } from '../../../workers/serve';
import { populatedWorld } from '../workflows/memory-lab';

/** A program: a worker of the product, told all by its environment, over in-memory sites with the workloads of tiny.yaml. */
serve(async ({ runbookFolder }) => {
  const parsed = parseRunbook(await readFile(path.join(runbookFolder, 'tiny.yaml'), 'utf8'), 'tiny.yaml');
  if (!parsed.ok) throw new Error('tiny.yaml is not valid');
  const { workload, replication, check, traffic } = await populatedWorld(parsed.runbook);
  return { drivers: { sites: { memory: { workload, replication, check } }, traffic: { memory: traffic } } };
});
