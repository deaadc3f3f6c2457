import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubeClient } from '../../../../drivers/kubernetes/client/kube-client';
import { unpackedImage } from '../../images/lab-images';
import { commandOf, containerEnv, type PodAddress } from './container-env';
import { NotThereYet, refusalOf, type Container, type NodePod } from './pod';
import { podMounts } from './pod-mounts';
import { startPodProcess, type PodProcess, type PodProcessOptions } from './pod-process';
import { confirmDeletion, reportStatus } from './pod-reports';
import { refused, statusOf, type ContainerState } from './pod-status';
import { privilegesOf } from './privileges';
import { followReadiness } from './readiness';

export interface ProcessNode {
  readonly client: KubeClient;
  /** Folder of the cluster. */
  readonly cluster: string;
  /** Root folders of the images. */
  readonly images: string;
  /** A folder for each pod. */
  readonly pods: string;
}

const againAfterMs = 300;
/** Of a termination message a kubelet keeps the end. */
const longestMessage = 4096;

/** What a kubelet does for one pod, from its being bound to the node until the API server has forgotten it. */
export class PodLife {
  readonly #folder: string;
  readonly #deleted = new AbortController();
  #graceSeconds = 0;
  #process: PodProcess | undefined;
  #told = '';

  constructor(
    private readonly node: ProcessNode,
    private readonly pod: NodePod,
    private readonly address: PodAddress,
  ) {
    this.#folder = path.join(node.pods, pod.metadata.uid);
  }

  get logFile(): string {
    return path.join(this.#folder, 'log');
  }

  /** Its deletion was asked for, or, with 0, has taken place. Resolves nothing: `live` does when nothing of it is left. */
  delete(graceSeconds: number): void {
    this.#graceSeconds = graceSeconds;
    this.#deleted.abort();
    this.#process?.end(graceSeconds);
  }

  async live(): Promise<void> {
    const { client } = this.node;
    const why = refusalOf(this.pod);
    if (why === undefined) await this.#run();
    else await reportStatus(client, this.pod, refused(why));
    await this.#untilDeleted();
    await confirmDeletion(client, this.pod);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const [container] = this.pod.spec.containers;
    const options = container && (await this.#prepared(container));
    if (container === undefined || options === undefined) return;
    const startedAt = new Date().toISOString();
    const process = startPodProcess(options);
    this.#process = process;
    if (this.#deleted.signal.aborted) process.end(this.#graceSeconds);
    const over = new AbortController();
    const ready = container.readinessProbe === undefined;
    await this.#tell({ kind: 'running', startedAt, ready });
    const readiness = ready
      ? undefined
      : followReadiness(container, this.address.podIP, over.signal, async (isReady) =>
          this.#tell({ kind: 'running', startedAt, ready: isReady }),
        );
    const exitCode = await process.ended;
    over.abort();
    await readiness;
    const message = await this.#message(container, exitCode);
    await this.#tell({ kind: 'terminated', startedAt, finishedAt: new Date().toISOString(), exitCode, message });
  }

  /** Waits for what is not there yet. Undefined: the pod was deleted meanwhile. */
  async #prepared(container: Container): Promise<PodProcessOptions | undefined> {
    while (!this.#deleted.signal.aborted) {
      try {
        return await this.#prepare(container);
      } catch (error) {
        if (!(error instanceof NotThereYet)) throw error;
        await this.#tell({ kind: 'waiting', reason: error.reason, message: error.message });
        await pause(againAfterMs, undefined, { signal: this.#deleted.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #prepare(container: Container): Promise<PodProcessOptions> {
    const { client, cluster, images } = this.node;
    const image = unpackedImage(images, container.image);
    if (!existsSync(image)) throw new NotThereYet('ErrImageNeverPull', `${container.image} is no image of the lab`);
    await mkdir(this.#folder, { recursive: true });
    const mounts = await podMounts(client, this.pod, path.join(this.#folder, 'volumes'));
    const env = await containerEnv(client, this.pod, this.address);
    await writeFile(this.#messageFile, '');
    const target = container.terminationMessagePath ?? '/dev/termination-log';
    return {
      cluster,
      folder: this.#folder,
      logFile: this.logFile,
      image,
      mounts: [...mounts, { source: this.#messageFile, target, readOnly: false }],
      privileges: privilegesOf(container),
      command: commandOf(container, env),
      env,
    };
  }

  get #messageFile(): string {
    return path.join(this.#folder, 'termination-log');
  }

  async #message({ terminationMessagePolicy }: Container, exitCode: number): Promise<string> {
    const end = async (file: string): Promise<string> =>
      (await readFile(file).catch(() => Buffer.alloc(0))).subarray(-longestMessage).toString('utf8');
    const message = await end(this.#messageFile);
    const fallsBack = message === '' && exitCode !== 0 && terminationMessagePolicy === 'FallbackToLogsOnError';
    return fallsBack ? end(this.logFile) : message;
  }

  async #tell(state: ContainerState): Promise<void> {
    const status = JSON.stringify(state);
    if (status === this.#told) return;
    this.#told = status;
    await reportStatus(this.node.client, this.pod, statusOf(this.pod, this.address, state));
  }

  async #untilDeleted(): Promise<void> {
    const { signal } = this.#deleted;
    if (signal.aborted) return;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}
