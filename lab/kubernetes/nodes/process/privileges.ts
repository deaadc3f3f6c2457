import type { Container } from './pod';

/** What container runtimes leave to root of a container that asks for nothing. */
const byDefault: readonly string[] = [
  ...['audit_write', 'chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'mknod', 'net_bind_service', 'net_raw'],
  ...['setfcap', 'setgid', 'setpcap', 'setuid', 'sys_chroot'],
];

/** The capabilities of root in the container, and whether programs may give it more, as arguments of setpriv(1). */
export function privilegesOf({ securityContext = {} }: Container): readonly string[] {
  const { capabilities = {}, allowPrivilegeEscalation = true } = securityContext;
  const { drop = [], add = [] } = capabilities;
  const dropped = new Set(drop.map(nameOf));
  const left = dropped.has('all') ? [] : byDefault.filter((name) => !dropped.has(name));
  const held = [...new Set([...left, ...add.map(nameOf)])].map((name) => `+${name}`);
  return ['--bounding-set', ['-all', ...held].join(','), ...(allowPrivilegeEscalation ? [] : ['--no-new-privs'])];
}

const nameOf = (capability: string): string => capability.toLowerCase().replace(/^cap_/, '');
