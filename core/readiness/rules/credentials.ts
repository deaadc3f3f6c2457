import type { ExpiringCredential } from '../../model/examination';
import { siteName, type Found, type ReadinessSubject } from '../subject';

/** A credential must outlast a recovery that begins now, and then as long again. */
const RECOVERIES = 2;
/** What renews a credential does so long before this part of its life is left; a kubelet when a fifth is. */
const LEFT_WHEN_RENEWED = 0.1;

/** Credentials that could end during a recovery. */
export function endingCredentials(subject: ReadinessSubject): readonly Found[] {
  const { runbook, observation, examinations } = subject;
  const now = Date.parse(observation.observedAt);
  return (['primary', 'recovery'] as const).flatMap((role) => {
    const site = siteName(subject, role);
    return (examinations[role]?.credentials ?? []).flatMap((one): readonly Found[] => {
      const left = (Date.parse(one.expiresAt) - now) / 1000;
      if (left > enough(one, runbook.objectives.rtoSeconds)) return [];
      const what =
        left > 0 ? `it expires at ${one.expiresAt}, in ${Math.round(left)} s` : `it expired at ${one.expiresAt}`;
      return [
        { code: 'CredentialExpires', severity: left > 0 ? 'warning' : 'error', site, subject: one.credential, what },
      ];
    });
  });
}

/** Seconds that must be left. */
function enough({ expiresAt, issuedAt, renewed }: ExpiringCredential, rtoSeconds: number): number {
  const wanted = RECOVERIES * rtoSeconds;
  if (!renewed) return wanted;
  const life = issuedAt === undefined ? 0 : (Date.parse(expiresAt) - Date.parse(issuedAt)) / 1000;
  return Math.min(wanted, life * LEFT_WHEN_RENEWED);
}
