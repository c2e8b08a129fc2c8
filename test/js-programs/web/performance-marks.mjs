// performance.mark and measure, without times.
export default () => {
  performance.mark('a', { detail: { x: 1 }, startTime: 5 });
  performance.mark('b', { startTime: 8 });
  const measured = performance.measure('between', 'a', 'b');
  let error;
  try {
    performance.measure('no', 'nowhere');
  } catch (caught) {
    error = [caught.name, caught.message];
  }
  const marks = performance
    .getEntriesByType('mark')
    .map(({ name, startTime, detail }) => [name, startTime, detail]);
  performance.clearMarks('a');
  const result = [
    [measured.name, measured.entryType, measured.startTime, measured.duration],
    error,
    marks,
    performance.getEntriesByName('a').length,
    performance.getEntries().length,
    typeof performance.mark('c').startTime,
  ];
  performance.clearMarks();
  performance.clearMeasures();
  return result;
};
