/** Rows of core/model/failure-codes.ts that only Kubernetes sites and their lab give. */
export const kubernetesFailureCodes = {
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
} as const;
