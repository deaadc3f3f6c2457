/** moto takes any; the lab asks for no others. */
export const labCredentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };

/** What a worker has to be told so that it asks the Route 53 at this endpoint. */
export const route53Settings = (endpoint: string): Readonly<Record<string, string>> => ({
  SWITCHBACK_ROUTE53_ENDPOINT: endpoint,
  AWS_ACCESS_KEY_ID: labCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: labCredentials.secretAccessKey,
});
