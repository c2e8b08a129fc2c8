import * as rrule from 'rrule';

const { RRule, RRuleSet, rrulestr } = rrule.default ?? rrule;

export default () => {
  const dtstart = new Date(Date.UTC(2024, 0, 31, 9));
  const monthly = new RRule({ freq: RRule.MONTHLY, dtstart, count: 4, byweekday: [RRule.MO.nth(-1)] });
  const set = new RRuleSet();
  set.rrule(new RRule({ freq: RRule.DAILY, dtstart, count: 4 }));
  set.exdate(new Date(Date.UTC(2024, 1, 1, 9)));
  set.rdate(new Date(Date.UTC(2024, 5, 1, 9)));
  const parsed = rrulestr('DTSTART:20240229T000000Z\nRRULE:FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=29');
  return {
    monthly: monthly.all(),
    text: monthly.toText(),
    string: monthly.toString(),
    set: set.all(),
    parsed: parsed.all(),
    after: monthly.after(new Date(Date.UTC(2024, 2, 1))),
    fromText: RRule.fromText('every 2 weeks on Tuesday').toString(),
  };
};
