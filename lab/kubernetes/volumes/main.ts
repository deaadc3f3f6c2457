import { setTimeout as pause } from 'node:timers/promises';
import { KubeError, NoAnswer } from '../../../drivers/kubernetes/client/kube-error';
import { adminClient } from '../cluster/admin-client';
import { keepSnapshots } from './snapshot-folders';
import { keepVolumes } from './volume-folders';

const againAfterMs = 500;

/** Provisions the volumes of one cluster, and takes their snapshots, until it is ended; while the API server does not answer, it waits. */
async function main(kubeconfig: string, context: string, folder: string): Promise<void> {
  const client = adminClient(context, kubeconfig);
  await Promise.all([keepVolumes, keepSnapshots].map(async (keep) => again(async () => keep(client, folder))));
}

async function again(keep: () => Promise<void>): Promise<never> {
  for (;;) {
    try {
      await keep();
    } catch (error) {
      if (!(error instanceof KubeError) && !(error instanceof NoAnswer)) throw error;
      process.stderr.write(`${error.message}\n`);
      await pause(againAfterMs);
    }
  }
}

const [kubeconfig = '', context = '', folder = ''] = process.argv.slice(2);
void main(kubeconfig, context, folder);
