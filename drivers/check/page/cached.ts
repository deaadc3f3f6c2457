import { shorten } from '../without-secrets';
import type { Asked, Page } from './page';

/** Clocks of a worker and of a site may differ by so much. */
const clocksDifferMs = 120_000;

/** Headers by which caches tell what they did: nginx and others, Cloudflare, RFC 9211. */
const cacheHeaders = ['x-cache', 'x-cache-status', 'x-proxy-cache', 'cf-cache-status', 'cache-status'] as const;

/** By what an answer shows that it is older than the question; undefined: by nothing. */
export function cachedBecause({ headers }: Page, { askedAtMs, masked }: Asked): string | undefined {
  // RFC 9111, section 5.1: a cache writes how old its answer is.
  const age = Number(headers.age ?? 0);
  if (age > 0) return `a cache has answered: Age is ${age} s`;
  for (const name of cacheHeaders) {
    const value = String(headers[name] ?? '');
    if (isHit(name, value)) return `a cache has answered: ${name} is "${shorten(masked(value), 80)}"`;
  }
  const ageMs = askedAtMs - Date.parse(headers.date ?? '');
  if (ageMs > clocksDifferMs) return `the answer is ${Math.round(ageMs / 1000)} s older than the question, by its Date`;
  return undefined;
}

/** In RFC 9211 "fwd=stale" says that the workload was asked because what the cache had was too old. */
const isHit = (name: string, value: string): boolean =>
  (name === 'cache-status' ? /(?:^|[;,]\s*)hit\b/i : /(?:^|[^a-z])(?:hit|stale)\b/i).test(value);
