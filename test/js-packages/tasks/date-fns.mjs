import * as dates from 'date-fns';
import { de } from 'date-fns/locale';

export default () => {
  const on = new Date(2024, 1, 29, 13, 5, 9);
  return [
    dates.format(on, "EEEE, do MMMM yyyy 'um' HH:mm:ss"),
    dates.format(on, 'PPPPp', { locale: de }),
    dates.addMonths(on, 12).toISOString(),
    dates.differenceInBusinessDays(new Date(2024, 2, 15), on),
    dates.formatDistance(on, new Date(2023, 0, 1), { addSuffix: true }),
    dates.parse('03.04.2021 10', 'dd.MM.yyyy HH', new Date(0)).toISOString(),
    dates.eachWeekOfInterval({ start: on, end: dates.addDays(on, 20) }).length,
    dates.getISOWeek(on),
    dates.intervalToDuration({ start: new Date(2020, 0, 1), end: on }),
    dates.isValid(dates.parseISO('2024-02-30')),
  ];
};
