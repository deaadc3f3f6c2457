import { lexer, walkTokens } from 'marked';

/** What a reader of a page does, in the order of the page. */
export type Step =
  /** Types the lines of an `sh` block. `shown`: what the page says comes of it. */
  | { readonly kind: 'run'; readonly script: string; readonly shown?: string }
  /** Types what follows the `$` of a `text` block, and is refused with the rest of it. */
  | { readonly kind: 'refused'; readonly script: string; readonly shown: string }
  /** Does with a `yaml` block what the paragraph before it asks for. */
  | { readonly kind: 'edit'; readonly asked: string; readonly yaml: string };

export interface Section {
  /** Its heading, or that of the page. */
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The sections of a page that have something to do. Throws when there is a block of which nobody knows what to do with it. */
export function readGuide(markdown: string): readonly Section[] {
  const sections: { title: string; steps: Step[] }[] = [];
  let before: { readonly type: string; readonly text: string } = { type: '', text: '' };
  void walkTokens(lexer(markdown), (token) => {
    if (token.type !== 'heading' && token.type !== 'paragraph' && token.type !== 'code') return;
    const { type, text } = token as { type: string; text: string };
    if (type === 'heading') sections.push({ title: text, steps: [] });
    if (type === 'code') addBlock(sections.at(-1)?.steps ?? [], (token as { lang?: string }).lang, text, before);
    before = { type, text };
  });
  return sections.filter(({ steps }) => steps.length > 0);
}

function addBlock(steps: Step[], language: string | undefined, code: string, before: { type: string; text: string }) {
  const last = steps.at(-1);
  if (language === 'sh') steps.push({ kind: 'run', script: code });
  else if (language === 'yaml' && before.type === 'paragraph')
    steps.push({ kind: 'edit', asked: before.text.replaceAll('\n', ' '), yaml: code });
  else if (language === 'text' && code.startsWith('$ ')) steps.push(refused(code));
  else if (language === 'text' && before.type === 'code' && last?.kind === 'run')
    steps.splice(-1, 1, { ...last, shown: code });
  else throw new Error(`what is a reader to do with this block of "${language ?? ''}"?\n${code}`);
}

function refused(code: string): Step {
  const [command = '', ...shown] = code.split('\n');
  return { kind: 'refused', script: command.slice('$ '.length), shown: shown.join('\n') };
}
