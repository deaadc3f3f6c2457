import type { Page } from './page';

/** The body as JSON; undefined: it is none. */
export function jsonOf({ body }: Page): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

/** "application/json", "application/health+json; charset=utf-8" */
export const saysJson = ({ headers }: Page): boolean => /^[^;]*[/+]json\b/i.test(headers['content-type'] ?? '');
