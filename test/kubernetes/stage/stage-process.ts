import { createKubernetesStage } from '../../../drivers/kubernetes/kubernetes-stage';
import type { StageRequest } from '../../../drivers/stage-port';

/** One pass in a process of its own, which says what it does and is meant to be killed. */
const [, , kubeconfigFolder = '', request = ''] = process.argv;
const driver = createKubernetesStage({ kubeconfigFolder });
const progress = ({ doing }: { doing: string }): void => void process.stdout.write(`${doing}\n`);
void driver
  .stage(JSON.parse(request) as StageRequest, { signal: new AbortController().signal, progress })
  .finally(() => driver.close());
