import { recurrenceProblem } from '../../../core/runbook/recurrence-parts';

test.each([
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=1000;COUNT=1000',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU',
  'FREQ=MONTHLY;BYDAY=1SU,-1FR,+2MO',
  'FREQ=MONTHLY;BYMONTHDAY=1,-1,31,-31',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  'FREQ=YEARLY;BYMONTH=1,12;BYDAY=5SA',
  'FREQ=YEARLY;BYDAY=53MO',
  'FREQ=YEARLY;BYYEARDAY=1,-366',
  'FREQ=YEARLY;BYWEEKNO=53,-1;BYDAY=SA',
])('%s is a rule', (rule) => {
  expect(recurrenceProblem(rule)).toBeUndefined();
});

test.each([
  ['', '"" is not a part'],
  ['FREQ=DAILY;', '"" is not a part'],
  ['freq=daily', '"freq=daily" is not a part'],
  ['FREQ=', '"FREQ=" is not a part'],
  ['INTERVAL=2', 'it must begin with FREQ'],
  ['INTERVAL=2;FREQ=DAILY', 'it must begin with FREQ'],
  ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ is there twice'],
  ['FREQ=HOURLY', 'comes more often than daily'],
  ['FREQ=FORTNIGHTLY', 'is none of DAILY'],
  ['FREQ=DAILY;BYEASTER=1', '"BYEASTER" is no part of a recurrence rule'],
  ['FREQ=DAILY;BYHOUR=3', 'BYHOUR is not taken'],
  ['FREQ=DAILY;UNTIL=20271231', 'UNTIL is not taken'],
  ['FREQ=DAILY;INTERVAL=0', 'INTERVAL=0 is not from 1 to 1000'],
  ['FREQ=DAILY;INTERVAL=-1', 'INTERVAL=-1 is not from 1 to 1000'],
  ['FREQ=DAILY;COUNT=0', 'COUNT=0 is not from 1 to 1000'],
  ['FREQ=DAILY;COUNT=1001', 'COUNT=1001 is not from 1 to 1000'],
  ['FREQ=DAILY;BYMONTH=13', 'BYMONTH=13 is not from 1 to 12'],
  ['FREQ=DAILY;BYMONTH=-1', 'BYMONTH=-1 is not from 1 to 12'],
  ['FREQ=DAILY;BYMONTH=1,,2', 'BYMONTH=1,,2 holds "", which is not from 1 to 12'],
  ['FREQ=DAILY;BYMONTHDAY=0', 'BYMONTHDAY=0 is not from 1 to 31, or from -31 to -1'],
  ['FREQ=DAILY;BYMONTHDAY=1,32', 'holds "32", which is not from 1 to 31'],
  ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY=1 is not for WEEKLY'],
  ['FREQ=MONTHLY;BYYEARDAY=1', 'BYYEARDAY=1 is only for YEARLY'],
  ['FREQ=YEARLY;BYYEARDAY=367', 'is not from 1 to 366'],
  ['FREQ=DAILY;BYWEEKNO=20', 'BYWEEKNO=20 is only for YEARLY'],
  ['FREQ=YEARLY;BYWEEKNO=54', 'is not from 1 to 53'],
  ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY=XX is not a weekday'],
  ['FREQ=WEEKLY;BYDAY=SA,SAT', 'holds "SAT", which is not a weekday'],
  ['FREQ=WEEKLY;BYDAY=1SA', 'has a number, which only MONTHLY and YEARLY may have'],
  ['FREQ=MONTHLY;BYDAY=0SA', 'is not from 1 to 5, or from -5 to -1'],
  ['FREQ=MONTHLY;BYDAY=6SA', 'is not from 1 to 5'],
  ['FREQ=YEARLY;BYDAY=54SA', 'is not from 1 to 53'],
  ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=1SA', 'may not have beside BYWEEKNO'],
  ['FREQ=DAILY;BYSETPOS=1', 'picks from what another BY part gives'],
  ['FREQ=MONTHLY;BYDAY=SA;BYSETPOS=0', 'is not from 1 to 366'],
  ['FREQ=WEEKLY;WKST=1', 'WKST=1 is none of MO, TU'],
])('%s is none: %s', (rule, problem) => {
  expect(recurrenceProblem(rule)).toContain(problem);
});
