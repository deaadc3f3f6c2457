/** A sentence of a doc comment, and what the comment stands above. */
export interface PortSentence {
  /** "WorkloadDriver.stop"; "every method" for the list of rules above all methods. */
  readonly of: string;
  readonly sentence: string;
}

/** Every sentence of every doc comment of drivers/ports.ts. Throws when a comment stands above nothing. */
export function sentencesOf(source: string): readonly PortSentence[] {
  const found: PortSentence[] = [];
  let owner = '';
  for (const [, doc, comment = '', declared = ''] of source.matchAll(
    /(\/\*\*([\s\S]*?)\*\/\s*)?^((?:export )?interface \w+|  (?:readonly )?\w+(?=[?(:]))/gm,
  )) {
    const declaredOwner = /interface (\w+)/.exec(declared)?.[1];
    if (declaredOwner !== undefined) owner = declaredOwner;
    const member = declaredOwner === undefined ? `.${declared.trim().replace('readonly ', '')}` : '';
    if (doc !== undefined) found.push(...sentencesOfComment(`${owner}${member}`, comment));
  }
  const comments = source.match(/\/\*\*/g)?.length ?? 0;
  const seen =
    source.match(/\/\*\*[\s\S]*?\*\/\s*^(?:(?:export )?interface \w+|  (?:readonly )?\w+[?(:])/gm)?.length ?? 0;
  if (seen !== comments) throw new Error(`${comments - seen} doc comments stand above nothing that this parser knows`);
  return found;
}

function sentencesOfComment(of: string, comment: string): readonly PortSentence[] {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
  const [before = '', ...listed] = lines.join('\n').split('For every method:');
  return [
    ...split(before).map((sentence) => ({ of, sentence })),
    ...listed
      .join('\n')
      .split(/^- /m)
      .flatMap(split)
      .map((sentence) => ({ of: 'every method', sentence })),
  ];
}

/** A sentence ends with a full stop before a capital letter, a quotation mark or the end. */
function split(text: string): readonly string[] {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain === '' ? [] : plain.split(/(?<=\.) (?=[A-Z`"])/);
}
