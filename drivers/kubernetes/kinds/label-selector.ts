import type { LabelSelector } from '../kube-object';

type Labels = Readonly<Record<string, string>>;

/** Whether the labels are those that the selector asks for. A selector without terms selects nothing here: nothing is guessed. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const equal = Object.entries(matchLabels);
  if (equal.length + matchExpressions.length === 0) return false;
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((term) => holds(term, labels[term.key]))
  );
}

function holds(
  { operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
  label: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      // An operator of a later version: taking it for "matches" finds too many pods rather than too few.
      return true;
  }
}

/** "app=shop,tier in (web,api)", as the status of a scale has it. Only what scales write: equality and sets. */
export function parseSelector(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: { key: string; operator: string; values?: readonly string[] }[] = [];
  for (const term of text.split(/,(?![^(]*\))/).map((part) => part.trim())) {
    const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
    const equal = /^([^=!]+)={1,2}(.*)$/.exec(term);
    if (set) {
      const values = (set[3] ?? '').split(',').map((value) => value.trim());
      matchExpressions.push({ key: set[1] ?? '', operator: set[2] === 'in' ? 'In' : 'NotIn', values });
    } else if (equal) matchLabels[equal[1] ?? ''] = equal[2] ?? '';
    else if (term.startsWith('!')) matchExpressions.push({ key: term.slice(1), operator: 'DoesNotExist' });
    else if (term !== '') matchExpressions.push({ key: term, operator: 'Exists' });
  }
  return { matchLabels, matchExpressions };
}
