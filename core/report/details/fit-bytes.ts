import { blocks, join, type Markdown } from '../markdown/markdown';
import { utf8Length } from '../markdown/utf8-length';

/** Current details travel in a URL of the Web UI, and proxies cut long ones off. */
export const DETAILS_BYTES = 3_999;

/** What the text takes in `blocks`, the empty line after it included. */
export const bytesOf = (block: Markdown): number => (block.text === '' ? 0 : utf8Length(block.text) + 2);

/** The first of the variants (the longest first) that fits; none when none does. */
export const firstFitting = (variants: readonly Markdown[], room: number): readonly Markdown[] =>
  variants.filter((variant) => bytesOf(variant) <= room).slice(0, 1);

/** Items in order, each in its longest variant that fits; those from the first misfit on are counted in `more`. */
export function fitItems(
  items: readonly (readonly Markdown[])[],
  room: number,
  more: (left: number) => Markdown,
): Markdown {
  const kept: Markdown[] = [];
  let free = room;
  for (const [index, variants] of items.entries()) {
    const isLast = index === items.length - 1;
    const reserve = isLast ? 0 : bytesOf(more(items.length));
    const [fitting] = firstFitting(variants, free - reserve);
    if (!fitting) return blocks([...kept, ...firstFitting([more(items.length - index)], free)]);
    kept.push(fitting);
    free -= bytesOf(fitting);
  }
  return blocks(kept);
}

/** At most `count` items in a row, and how many more there are. */
export const firstFew = (items: readonly Markdown[], count: number, more: (left: number) => Markdown): Markdown =>
  join([...items.slice(0, count), ...(items.length > count ? [more(items.length - count)] : [])], ', ');
