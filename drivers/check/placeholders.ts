import type { CheckTarget } from '../ports';

/** Puts the site and the epoch of the run in the place of `${site}` and `${epoch}`. */
export function fillIn(text: string, { site, epoch }: CheckTarget): string {
  return text.replaceAll('${site}', site.name).replaceAll('${epoch}', String(epoch));
}
