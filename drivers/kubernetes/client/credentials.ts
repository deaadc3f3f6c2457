import { readFile } from 'node:fs/promises';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import type { ExpiringCredential } from '../../../core/model/examination';
import { SwitchbackFailure } from '../../../core/model/failure';
import type { KubernetesSite } from '../../../core/model/site';
import { keepSecret } from '../../declared-secrets';
import { endingCredentials } from './ending-credentials';

/** How to reach an API server now. The agent keeps connections open, and is another one only when the certificates are. */
export interface Access {
  readonly server: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: https.Agent;
}

type ShownOptions = https.RequestOptions & { headers: Record<string, string> };

/** Tokens and certificates are read again this often: files are replaced, and plug-ins give new tokens. */
const freshForMs = 10_000;
const mostSockets = 64;

/**
 * The credentials of one context, as client-node reads them: kubeconfig (of the file given, of KUBECONFIG, of the home folder)
 * or the service account of the pod; with client certificates, tokens, token files and plug-ins.
 */
export class Credentials {
  #config: KubeConfig | undefined;
  #access: Access | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #material = '';

  constructor(
    private readonly site: KubernetesSite,
    private readonly kubeconfigFolder: string,
  ) {}

  /** `anew`: the server has refused those of before; the kubeconfig itself is read again. */
  async access(anew = false): Promise<Access> {
    if (!anew && this.#access !== undefined && performance.now() - this.#readAt < freshForMs) return this.#access;
    if (anew) this.#config = undefined;
    const config = (this.#config ??= await this.#load());
    const { options } = await this.#shownBy(config);
    const server = new URL(config.getCurrentCluster()?.server ?? '');
    this.#access = { server, headers: options.headers, agent: this.#agentOf(options, config) };
    this.#readAt = performance.now();
    return this.#access;
  }

  /** When those end that the kubeconfig has now; requests go on with those of before as long as they are taken. */
  async ending(): Promise<readonly ExpiringCredential[]> {
    const config = await this.#load();
    const { options, inFile } = await this.#shownBy(config);
    const user = config.getCurrentUser();
    return endingCredentials({
      certificate: options.cert as string | Buffer | undefined,
      authorization: options.headers['Authorization'],
      from: this.#source,
      renewed: inFile || Boolean(user?.exec) || Boolean(user?.authProvider),
    });
  }

  close(): void {
    this.#access?.agent.destroy();
  }

  /** What a config shows to the server, and whether its token is in a file of its own. */
  async #shownBy(config: KubeConfig): Promise<{ readonly options: ShownOptions; readonly inFile: boolean }> {
    const options: ShownOptions = { headers: {} };
    try {
      await config.applyToHTTPSOptions(options);
      const token = await this.#tokenInFile(config);
      if (token !== undefined) options.headers['Authorization'] = `Bearer ${token}`;
      keepAll(options);
      return { options, inFile: token !== undefined };
    } catch (error) {
      throw this.#invalid(error);
    }
  }

  async #load(): Promise<KubeConfig> {
    const { kubeconfig, context } = this.site.kubernetes;
    // Loaded here and not above: it takes most of a second, which a worker without Kubernetes sites need not spend.
    const { KubeConfig: Config } = await import('@kubernetes/client-node');
    const config = new Config();
    try {
      if (kubeconfig === undefined) config.loadFromDefault();
      else config.loadFromFile(path.resolve(this.kubeconfigFolder, kubeconfig));
    } catch (error) {
      throw this.#invalid(error);
    }
    if (context !== undefined) {
      if (config.getContextObject(context) === null) {
        const there = config.getContexts().map(({ name }) => name);
        throw this.#invalid(`it has no context "${context}", only ${there.join(', ') || 'none'}`);
      }
      config.setCurrentContext(context);
    }
    const server = config.getCurrentCluster()?.server;
    if (server?.startsWith('https://') !== true) throw this.#invalid(`its server is ${server ?? 'missing'}, not https`);
    return config;
  }

  /** The `tokenFile` of the user, which client-node does not know (it reads `token-file`, and kubectl writes that nowhere). */
  async #tokenInFile(config: KubeConfig): Promise<string | undefined> {
    const user = config.getCurrentUser();
    if (user === null || user.token || user.authProvider || user.exec) return undefined;
    const file = await tokenFileOf(user.name, this.#files());
    // A command that wrote it has ended it with a line feed.
    return file === undefined ? undefined : (await readFile(file, 'utf8')).trim();
  }

  /** As client-node finds them; the first that names a user is the one that counts. */
  #files(): readonly string[] {
    const { kubeconfig } = this.site.kubernetes;
    if (kubeconfig !== undefined) return [path.resolve(this.kubeconfigFolder, kubeconfig)];
    const named = (process.env['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
    return named.length > 0 ? named : [path.join(os.homedir(), '.kube', 'config')];
  }

  #agentOf(options: https.RequestOptions, config: KubeConfig): https.Agent {
    if (config.getCurrentCluster()?.proxyUrl !== undefined) return options.agent as https.Agent;
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const given = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const material = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const text = JSON.stringify(material);
    if (this.#access !== undefined && text === this.#material) return this.#access.agent;
    this.#material = text;
    return new https.Agent({ keepAlive: true, maxSockets: mostSockets, ...material });
  }

  get #source(): string {
    const { kubeconfig } = this.site.kubernetes;
    return kubeconfig === undefined ? 'the kubeconfig of the worker' : `the kubeconfig ${kubeconfig}`;
  }

  #invalid(error: unknown): SwitchbackFailure {
    const why = error instanceof Error ? error.message : String(error);
    const message = `site "${this.site.name}": ${this.#source} cannot be used: ${why}`;
    return new SwitchbackFailure('KubeconfigInvalid', message, { site: this.site.name }, { cause: why });
  }
}

/** What the server is shown: it may say it again in an error. */
function keepAll({ headers, key, passphrase }: https.RequestOptions & { headers: Record<string, string> }): void {
  keepSecret(headers['Authorization']?.replace(/^\w+ /, ''));
  keepSecret(key);
  keepSecret(passphrase);
}

interface NamedUsers {
  readonly users?: readonly { readonly name: string; readonly user?: { readonly tokenFile?: string } }[];
}

/** Relative to the kubeconfig that names it. */
async function tokenFileOf(user: string, kubeconfigs: readonly string[]): Promise<string | undefined> {
  const { loadYaml } = await import('@kubernetes/client-node');
  for (const kubeconfig of kubeconfigs) {
    const { users = [] } = loadYaml<NamedUsers | undefined>(await readFile(kubeconfig, 'utf8')) ?? {};
    const found = users.find(({ name }) => name === user);
    if (found === undefined) continue;
    const tokenFile = found.user?.tokenFile;
    return tokenFile === undefined ? undefined : path.resolve(path.dirname(kubeconfig), tokenFile);
  }
  return undefined;
}
