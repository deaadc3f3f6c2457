import { z } from 'zod';
import { quote } from '../quote';
import { because, matching } from './scalars';

export const ipv4 = () =>
  matching(
    IPV4_FORM,
    because('InvalidAddress', (shown) => `${shown} is not an IPv4 address such as "127.0.1.1"`),
  );

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4_FORM = new RegExp(`^(?:${octet}\\.){3}${octet}$`);
export const isIpv4 = (text: string): boolean => IPV4_FORM.test(text);
export const isIpv6 = (text: string): boolean => z.ipv6().safeParse(text).success;

/** "10.0.0.0/16" */
export const cidr = () =>
  matching(
    new RegExp(`^(?:${octet}\\.){3}${octet}/(?:3[0-2]|[12]?\\d)$`),
    because('InvalidAddress', (shown) => `${shown} is not a network such as "10.0.0.0/16"`),
  );

/** An address of this machine only. */
export const loopback = () =>
  matching(
    new RegExp(`^127(?:\\.${octet}){3}$`),
    because('InvalidAddress', (shown) => `${shown} is not a loopback address (127.0.0.0/8) such as "127.0.1.1"`),
  );

/** "127.0.0.1:5353" */
export const hostAndPort = () =>
  matching(
    /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:[1-9]\d{0,4}$/,
    because('InvalidAddress', (shown) => `${shown} is not an address and port such as "127.0.0.1:5353"`),
  );

export const httpAddress = () =>
  matching(
    /^http:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[1-9]\d{0,4})?$/,
    because('InvalidAddress', (shown) => `${shown} is not an address such as "http://127.0.0.1:5380"`),
  );

const DNS_NAME_FORM =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
export const isDnsName = (text: string): boolean => DNS_NAME_FORM.test(text);

export const dnsName = () =>
  matching(
    DNS_NAME_FORM,
    because('InvalidDnsName', (shown, value) => {
      const better = value.toLowerCase().replace(/\.$/, '');
      return `${shown} is not a DNS name in full${isDnsName(better) ? `; write ${quote(better)}` : ' such as "shop.example.test"'}`;
    }),
  );
