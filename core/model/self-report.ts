/** Whether a program tells of itself on that page, by the names that such pages have. */
export function isSelfReport(path: string): boolean {
  const [page = ''] = path.split('?');
  const segments = page.split('/').filter((segment) => segment !== '');
  return (
    segments.some((segment) => /^[._-]?health/i.test(segment)) ||
    /^[._-]?(?:live|livez|liveness|ready|readyz|readiness|alive|ping|status|heartbeat)$/i.test(segments.at(-1) ?? '')
  );
}
