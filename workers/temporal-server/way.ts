/** Where a Temporal server is to be had. */
export type FoundServer =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'binary'; readonly path: string; readonly source: BinarySource };

export type BinarySource = 'path' | 'cache' | 'sdk-download' | 'go-install';

export interface WayContext {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** Not found is an answer with its reason in one line, not an error. */
export type Look = { readonly found: FoundServer } | { readonly why: string };

export interface Way {
  readonly name: string;
  /** What a person does to make this way work, as a sentence. */
  readonly fix: string;
  readonly look: (context: WayContext) => Promise<Look>;
}
