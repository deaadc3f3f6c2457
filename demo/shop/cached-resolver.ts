import { Resolver } from 'node:dns/promises';

/** Resolves one name through one name server and keeps the answer for its TTL, as a well-behaved client does. */
export class CachedResolver {
  private readonly resolver = new Resolver({ timeout: 500, tries: 1 });
  private address: string | undefined;
  private validUntil = 0;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    server: string,
  ) {
    this.resolver.setServers([server]);
  }

  /** Throws when the name server gives no address. */
  async lookUp(): Promise<string> {
    if (performance.now() >= this.validUntil) {
      await (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
    }
    if (this.address === undefined) throw new Error(`"${this.name}" has no address`);
    return this.address;
  }

  private async ask(): Promise<void> {
    const [answer] = await this.resolver.resolve4(this.name, { ttl: true });
    this.address = answer?.address;
    this.validUntil = performance.now() + (answer?.ttl ?? 0) * 1_000;
  }
}
