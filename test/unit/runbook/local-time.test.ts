import { existsInZone, isLocalTime, isTimeZone } from '../../../core/runbook/local-time';

test.each([
  ['2026-12-05T22:00', true],
  ['2026-12-05T22:00:30', true],
  ['2028-02-29T00:00', true],
  ['2026-02-29T00:00', false],
  ['2026-13-01T00:00', false],
  ['2026-12-05T24:00', false],
  ['2026-12-05T22:60', false],
  ['2026-12-05 22:00', false],
  ['2026-12-05', false],
  ['0000-00-00T00:00', false],
])('%s is a local time: %s', (local, valid) => {
  expect(isLocalTime(local)).toBe(valid);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['US/Eastern', true],
  ['Europe/Berln', false],
  ['+01:00', false],
  ['', false],
])('%s is a time zone: %s', (zone, valid) => {
  expect(isTimeZone(zone)).toBe(valid);
});

test.each([
  ['2027-03-28T01:59', 'Europe/Berlin', true, 'the last minute before the gap'],
  ['2027-03-28T02:00', 'Europe/Berlin', false, 'the first minute of the gap'],
  ['2027-03-28T02:59', 'Europe/Berlin', false, 'the last minute of the gap'],
  ['2027-03-28T03:00', 'Europe/Berlin', true, 'the first minute after the gap'],
  ['2027-10-31T02:30', 'Europe/Berlin', true, 'an hour that comes twice'],
  ['2027-03-14T02:30', 'America/New_York', false, 'a gap west of Greenwich'],
  ['2027-10-03T02:15', 'Australia/Lord_Howe', false, 'a gap of half an hour'],
  ['2011-12-30T12:00', 'Pacific/Apia', false, 'a day that was left out'],
  ['2027-03-28T02:30', 'UTC', true, 'no summer time'],
])('%s in %s exists: %s (%s)', (local, zone, exists) => {
  expect(existsInZone(local, zone)).toBe(exists);
});
