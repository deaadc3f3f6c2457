import { SwitchbackFailure } from '../../../core/model/failure';

/** The contexts of a kubeconfig, looked up as kubectl does. */
export interface Contexts {
  readonly names: readonly string[];
  readonly current: string;
}

/** @throws SwitchbackFailure `InvalidInput` when there is no kubeconfig, or it cannot be read */
export async function readContexts(kubeconfig: string | undefined): Promise<Contexts> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const file = kubeconfig ?? 'what KUBECONFIG names';
    throw new SwitchbackFailure('InvalidInput', `${file} cannot be read as a kubeconfig: ${why}`);
  }
  return { names: config.getContexts().map(({ name }) => name), current: config.getCurrentContext() };
}

/** @throws SwitchbackFailure `InvalidInput` that lists what there is */
export function chosenContext(wanted: string | undefined, { names, current }: Contexts, option: string): string {
  const context = wanted ?? current;
  if (names.includes(context)) return context;
  const there = names.length === 0 ? 'it has none' : `it has ${names.map((name) => `"${name}"`).join(', ')}`;
  const message =
    wanted === undefined
      ? `the kubeconfig says no current context, and ${there}; choose one with ${option}`
      : `the kubeconfig has no context "${context}": ${there}; choose one of them with ${option}, or another file with --kubeconfig`;
  throw new SwitchbackFailure('InvalidInput', message);
}
