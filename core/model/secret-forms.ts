/** How else a secret may stand in a text: in an address, in JSON, in hexadecimal digits, inside of base64 at any of its three places. */
export function encodedForms(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = [0, 1, 2].map((shift) => base64At(bytes, shift));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const all = [
    ...[encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase()],
    ...base64.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
  ];
  return [...new Set(all)].filter((form) => form !== secret);
}

/** Without the digits at both ends that hold bits of what stands beside it. */
function base64At(bytes: Uint8Array, shift: number): string {
  const shifted = btoa(`${'\0'.repeat(shift)}${String.fromCharCode(...bytes)}`);
  return shifted.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

/** Of an address with a password or a query: that password, as it stands there and as it is meant, and the address itself. */
export function inAddress(value: string): readonly string[] {
  if (!value.includes('://') || !URL.canParse(value)) return [];
  const { password, search } = new URL(value);
  if (password === '' && search === '') return [];
  return [value, password, safelyDecoded(password), ...new URLSearchParams(search).values()];
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
