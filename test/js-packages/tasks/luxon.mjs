import { DateTime, Duration, Info, Interval } from 'luxon';

export default () => {
  const on = DateTime.fromISO('2024-02-29T13:05:09.123', { zone: 'Europe/Berlin' });
  return [
    on.toISO(),
    on.setZone('America/New_York').toFormat('yyyy LLL dd, hh:mm a ZZZZ'),
    on.setLocale('de').toLocaleString(DateTime.DATE_HUGE),
    on.plus({ months: 1, days: -1 }).toUTC().toISO(),
    on.diff(DateTime.fromISO('2023-12-31T00:00:00Z'), ['weeks', 'hours']).toObject(),
    Duration.fromISO('P1DT26H').normalize().toHuman(),
    Interval.fromDateTimes(on, on.plus({ days: 10 })).splitBy({ days: 4 }).length,
    Info.months('short', { locale: 'fr' }),
    DateTime.fromFormat('29. Februar 2024', 'd. LLLL yyyy', { locale: 'de' }).toISODate(),
    on.toRelative({ base: on.plus({ days: 3 }) }),
    DateTime.fromISO('2024-03-31T02:30', { zone: 'Europe/Berlin' }).toISO(),
    DateTime.fromISO('nothing').invalidReason,
  ];
};
