import dayjs from 'dayjs';
import 'dayjs/locale/fr.js';
import duration from 'dayjs/plugin/duration.js';
import relativeTime from 'dayjs/plugin/relativeTime.js';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';

export default () => {
  for (const plugin of [duration, relativeTime, utc, timezone]) dayjs.extend(plugin);
  const on = dayjs.utc('2024-02-29T13:05:09.123Z');
  return [
    on.format('dddd D MMMM YYYY HH:mm:ss.SSS Z'),
    on.locale('fr').format('dddd D MMMM'),
    on.add(1, 'year').endOf('month').toISOString(),
    on.from(dayjs.utc('2024-03-05')),
    dayjs.duration({ hours: 26, minutes: 3 }).format('D[d] HH:mm'),
    on.tz('America/New_York').format('HH:mm'),
    on.diff('2023-12-31', 'week', true).toFixed(4),
    on.isBefore('2024-03-01'),
  ];
};
