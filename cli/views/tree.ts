import { span, type Line } from '../terminal/line';

/** A node of a tree to print: its own lines (the first one at the branch), then what hangs below it. */
export interface TreeNode {
  readonly lines: readonly Line[];
  readonly children: readonly TreeNode[];
  /** Printed from edge to edge and outside of the branches. */
  readonly across?: true;
}

export const node = (line: Line, children: readonly TreeNode[] = [], more: readonly Line[] = []): TreeNode => ({
  lines: [line, ...more],
  children,
});

/** The branches drawn: roots at the left edge, everything below them with "├─" and "└─". */
export const drawTree = (roots: readonly TreeNode[]): Line[] =>
  roots.flatMap((root) => [...root.lines, ...drawChildren(root.children, '')]);

function drawChildren(children: readonly TreeNode[], indent: string): Line[] {
  return children.flatMap((child, index) => {
    if (child.across) return child.lines;
    const last = index === children.length - 1;
    const below = `${indent}${last ? '   ' : '│  '}`;
    const [first = [], ...more] = child.lines;
    return [
      [span(`${indent}${last ? '└─ ' : '├─ '}`, 'dim'), ...first],
      ...more.map((line) => [span(below + (child.children.length > 0 ? '│  ' : '   '), 'dim'), ...line]),
      ...drawChildren(child.children, below),
    ];
  });
}
