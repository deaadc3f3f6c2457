/** Rows of core/model/failure-codes.ts that only providers of DNS, Kubernetes sites, their lab and drafts of their runbooks give. */
export const providerFailureCodes = {
  Throttled: {
    retryable: true,
    meaning: 'A provider takes no more requests for now: too many have come from its account.',
    fix: 'Retry. When it goes on, find out what else uses the account, or ask the provider for a higher limit.',
  },
  AccessDenied: {
    retryable: false,
    meaning: 'A provider does not accept the credentials of the worker, or they may not do what the step needs.',
    fix: 'Renew them, or give them the permissions that the documentation of the driver lists; then retry.',
  },
  LabIncomplete: {
    retryable: false,
    meaning: 'The Kubernetes lab lacks programs that it runs, or one of them did not come up.',
    fix: 'Do what the message says: install Go, set KUBEBUILDER_ASSETS, or read the log that it names.',
  },
  KubeconfigInvalid: {
    retryable: false,
    meaning: 'The kubeconfig of a Kubernetes site cannot be read, or lacks the context.',
    fix: 'Mend what the message names where the worker of that site runs.',
  },
  RequestRefused: {
    retryable: false,
    meaning: 'The API server of a Kubernetes site refused a request: a permission, a quota or an admission policy.',
    fix: 'Give the worker the permission that the message names (deploy/kubernetes), or mend what refused it; then retry.',
  },
  NamespaceUnreadable: {
    retryable: false,
    meaning: 'The namespace that a runbook was to be drafted from cannot be read; nothing was written.',
    fix: 'Do what the message says; `kubectl get deployments` with the same context and namespace has to work.',
  },
} as const;
