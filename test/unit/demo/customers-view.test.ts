import { CustomersView } from '../../../demo/screen/customers-line';
import type { Acknowledgement } from '../../../demo/shop/acknowledgement';

const acks: Acknowledgement[] = [];
const acknowledge = (ackedAt: number, site = 'alpha'): void => {
  acks.push({ id: String(ackedAt), seq: 1, epoch: 1, site, sentAt: ackedAt - 5, ackedAt, attempts: 1 });
};
const textAt = (view: CustomersView, now: number): string =>
  view
    .line(now)
    .map(({ text }) => text)
    .join('');

beforeEach(() => acks.splice(0));

test('nobody was acknowledged yet', () => {
  expect(textAt(new CustomersView(acks), 0)).toBe('customers  no order acknowledged yet');
});

test('the rate is that of the last second, the site that of the last order', () => {
  const view = new CustomersView(acks);
  for (const at of [100, 500, 900, 1300]) acknowledge(at);
  acknowledge(1350, 'beta');
  expect(textAt(view, 1400)).toBe('customers  4 orders/s, 5 in all, served by beta');
});

test('while nobody is acknowledged it says for how long; afterwards how long it was', () => {
  const view = new CustomersView(acks);
  acknowledge(1000);
  expect(textAt(view, 2700)).toContain('no order acknowledged for 1.7 s');
  acknowledge(3250);
  expect(textAt(view, 3300)).toContain('1 orders/s, 2 in all, served by alpha; last interruption 2.25 s');
});
