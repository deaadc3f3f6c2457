import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode } from 'yaml';
import type { Path } from '../diagnostic';
import type { PlainData } from './plain-data';

interface Wanted {
  readonly at: 'key' | 'value';
  readonly plain: Pick<PlainData, 'aliases'>;
}

/**
 * Where in the text the value at a path begins (or its key). Goes through aliases to what they stand for, except for the
 * last: an alias that is wrong itself is where it is used. Of what is not there, the innermost value around it.
 */
export function pathOffset(root: ParsedNode | null, path: Path, { at, plain }: Wanted): number {
  let offset = root?.range[0] ?? 0;
  let node = root;
  for (const [index, step] of path.entries()) {
    const target: ParsedNode | null | undefined = isAlias(node) ? plain.aliases.get(node) : node;
    const pair = isMap<ParsedNode, ParsedNode | null>(target) ? pairOf(target.items, String(step)) : undefined;
    const next = isSeq<ParsedNode>(target) ? target.items[Number(step)] : pair?.value;
    const isLast = index === path.length - 1;
    if (pair !== undefined && (next === null || (isLast && at === 'key'))) return pair.key.range[0];
    if (next === undefined || next === null) return target?.range[0] ?? offset;
    offset = next.range[0];
    node = next;
  }
  return offset;
}

type NodePair = Pair<ParsedNode, ParsedNode | null>;

const pairOf = (items: readonly NodePair[], key: string): NodePair | undefined =>
  items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
