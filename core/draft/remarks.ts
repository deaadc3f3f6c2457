import { forbiddenAt } from '../runbook/forbidden-characters';
import { isMap, isPair, isScalar, isSeq, type Document, type Node, type YAMLMap, type YAMLSeq } from 'yaml';

const WIDTH = 116;

/** What was guessed, and why; a person takes the mark away when it is right. */
export const review = (why: string): string => `review: ${why}`;

/** The text of a comment, harmless and in lines that are not too long. Names of a cluster may hold anything. */
export function comment(...paragraphs: readonly string[]): string {
  return paragraphs.flatMap((paragraph) => wrapped(harmless(paragraph))).join('\n');
}

function harmless(text: string): string {
  let safe = '';
  for (let index = 0; index < text.length; index += 1) {
    safe += forbiddenAt(text, index) || /\s/.test(text.charAt(index)) ? ' ' : text.charAt(index);
  }
  return safe;
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length > WIDTH) {
      lines.push(line);
      line = '  ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

type Place = readonly (string | number)[];

/** Puts comments and empty lines at places of a document. */
export class Remarks {
  constructor(private readonly document: Document) {}

  /** Lines above a key or an item of a list. */
  above(place: Place, ...paragraphs: readonly string[]): void {
    const node = this.#lead(place);
    node.commentBefore = comment(...paragraphs);
  }

  /** At the end of the line of a value. */
  beside(place: Place, text: string): void {
    const node = this.document.getIn(place, true);
    if (isScalar(node) || isMap(node) || isSeq(node)) node.comment = ` ${harmless(text)}`;
  }

  emptyLineAbove(place: Place): void {
    this.#lead(place).spaceBefore = true;
  }

  inOneLine(place: Place): void {
    (this.document.getIn(place, true) as YAMLMap | YAMLSeq).flow = true;
  }

  /** What stands first at a place: the key of a map, the item of a list. */
  #lead(place: Place): Node {
    const parent = this.document.getIn(place.slice(0, -1), true);
    const last = place.at(-1);
    if (isSeq(parent)) return parent.items[Number(last)] as Node;
    const pair = (parent as YAMLMap).items.find((one) => isPair(one) && isScalar(one.key) && one.key.value === last);
    return pair?.key as Node;
  }
}
