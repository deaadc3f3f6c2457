import { SwitchbackFailure } from '../../../core/model/failure';

/** The contexts of a kubeconfig, looked up as kubectl does. */
export interface Contexts {
  /** Where they come from, in words. */
  readonly file: string;
  readonly names: readonly string[];
  readonly current: string;
}

/** @throws SwitchbackFailure `InvalidInput` when there is no kubeconfig, or it cannot be read */
export async function readContexts(kubeconfig: string | undefined): Promise<Contexts> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const file = kubeconfig ?? 'the kubeconfig (what KUBECONFIG names, or ~/.kube/config)';
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SwitchbackFailure('InvalidInput', `${file} cannot be read: ${why}; name a kubeconfig with --kubeconfig`);
  }
  return { file, names: config.getContexts().map(({ name }) => name), current: config.getCurrentContext() };
}

/** @throws SwitchbackFailure `InvalidInput` that lists what there is */
export function chosenContext(wanted: string | undefined, { file, names, current }: Contexts, option: string): string {
  const context = wanted ?? current;
  if (names.includes(context)) return context;
  const there = names.length === 0 ? 'it has none' : `it has ${names.map((name) => `"${name}"`).join(', ')}`;
  const fix = `choose one of them with ${option}, or another file with --kubeconfig`;
  const missing = wanted === undefined ? `says no current context; ${there}` : `has no context "${context}": ${there}`;
  throw new SwitchbackFailure('InvalidInput', `${file} ${missing}; ${fix}`);
}
