import type { CheckTarget } from '../ports';

/** What a text of a check is filled in with: the run, and of HTTP the text that the path of this try holds. */
export interface Filling extends Pick<CheckTarget, 'site' | 'epoch'> {
  readonly nonce?: string;
}

/** Puts what is known of the try in the place of `${site}`, `${epoch}` and `${nonce}`. */
export function fillIn(text: string, { site, epoch, nonce }: Filling): string {
  const known = text.replaceAll('${site}', site.name).replaceAll('${epoch}', String(epoch));
  return nonce === undefined ? known : known.replaceAll('${nonce}', nonce);
}
