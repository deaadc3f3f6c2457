import { parseFence } from '../../../demo/shop/write-permission';
import { parseJournal } from '../../../drivers/local/journal';

const texts = [
  '{"seq":1,"epoch":3}\n',
  '{"seq":1,"epoch":3}\n{"seq":2,"epoch":4,"quarantined":true}\n{"seq":2,"epoch":9}\n',
  '{"seq":1,"epoch":3}\n{"seq":2,"ep\n{"seq":2,"epoch":4}\n',
  '{"epoch":7}',
  '{"seq":1,"epo',
  '',
];

test.each(texts)('the shop reads the fence as the platform writes it: %j', (text) => {
  expect(parseFence(text)).toEqual(parseJournal<{ epoch: number }>(text).last ?? { epoch: 0 });
});

test.each(['garbage\n', '{"seq":2,"epoch":4}\n', '{"seq":1,"epoch":3}\n{"seq":3,"epoch":4}\n'])(
  'both refuse a damaged fence: %j',
  (text) => {
    expect(() => parseFence(text)).toThrow();
    expect(() => parseJournal(text)).toThrow();
  },
);
