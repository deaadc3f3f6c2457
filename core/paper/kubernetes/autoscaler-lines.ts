import { fed, number, shellJson } from '../shell';

interface Object {
  readonly path: string;
  readonly name: string;
}

const SET_ASIDE = 'switchback.dev/set-aside';

const autoscalersOf = (here: string, target: string): string =>
  `$(${here} get horizontalpodautoscalers -o jsonpath='{range .items[?(@.spec.scaleTargetRef.name=="'"${target}"'")]}{.metadata.name}{"\\n"}{end}')`;

const patched = (here: string, setAside: unknown, name: string): string =>
  fed(
    `${here} patch horizontalpodautoscaler "$HPA" --type merge --patch-file /dev/stdin`,
    shellJson({ metadata: { annotations: { [SET_ASIDE]: setAside } }, spec: { scaleTargetRef: { name } } }),
  );

/** An autoscaler of what is stopped points at a name that nobody has: drivers/kubernetes/workloads/autoscalers.ts. */
export const autoscalerLines = {
  aside: (here: string, { name }: Object): readonly string[] => [
    `for HPA in ${autoscalersOf(here, name)}; do`,
    patched(here, name, `${name}.switchback-stopped`),
    'done',
  ],
  back: (here: string, { name }: Object): readonly string[] => [
    `for HPA in ${autoscalersOf(here, `${name}.switchback-stopped`)}; do`,
    patched(here, number('null'), name),
    'done',
  ],
} as const;
