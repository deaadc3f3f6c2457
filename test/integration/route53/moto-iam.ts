import { labCredentials } from '../../../lab/route53/route53-settings';

/** What moto lets pass: everything by default, and what policies allow once it looks at them. */
export class MotoIam {
  constructor(private readonly endpoint: string) {}

  /** A user without any right. Returns the key. */
  async user(UserName: string): Promise<typeof labCredentials> {
    await this.ask({ Action: 'CreateUser', UserName });
    const key = await this.ask({ Action: 'CreateAccessKey', UserName });
    return { accessKeyId: element(key, 'AccessKeyId'), secretAccessKey: element(key, 'SecretAccessKey') };
  }

  /** Allows these actions, on everything, and no others. */
  async allow(UserName: string, actions: readonly string[]): Promise<void> {
    const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await this.ask({ Action: 'PutUserPolicy', UserName, PolicyName: 'allowed', PolicyDocument });
  }

  /** From now on every request needs a permission, or none does. Only in the latter case users and policies can be changed. */
  async look(needed: boolean): Promise<void> {
    const body = needed ? '0' : 'inf';
    const answer = await fetch(`${this.endpoint}/moto-api/reset-auth`, { method: 'POST', body });
    await answer.arrayBuffer();
  }

  /** The service is told by what requests are signed for. */
  private async ask(parameters: Readonly<Record<string, string>>): Promise<string> {
    const credential = `${labCredentials.accessKeyId}/20261129/us-east-1/iam/aws4_request`;
    const answer = await fetch(this.endpoint, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none` },
      body: new URLSearchParams({ ...parameters, Version: '2010-05-08' }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`moto refused ${parameters['Action'] ?? ''}: ${text}`);
    return text;
  }
}

const element = (xml: string, name: string): string => new RegExp(`<${name}>([^<]+)`).exec(xml)?.[1] ?? '';
