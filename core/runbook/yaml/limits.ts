/**
 * Bounds of structure, checked before the work that they bound. Within them the most hostile file costs what an honest one
 * of the same size costs.
 */
export const limits = {
  /** Size of the file in bytes of UTF-8. */
  bytes: 256 * 1024,
  /** Lexical pieces of YAML; a line of a runbook has about eight. */
  lexemes: 150_000,
  /** Lists and maps in each other. The deepest place of the language needs ten. */
  depth: 32,
  /** Values after each alias was replaced by what it stands for. */
  values: 50_000,
  /** Diagnostics shown. */
  diagnostics: 100,
} as const;
