import * as ss from 'simple-statistics';

export default () => {
  const data = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];
  const line = ss.linearRegression([
    [0, 1],
    [1, 3],
    [2, 4.5],
    [3, 7],
  ]);
  return [
    ss.mean(data),
    ss.median(data),
    ss.mode(data),
    ss.standardDeviation(data).toFixed(10),
    ss.quantile(data, [0.25, 0.9]),
    [line.m.toFixed(6), line.b.toFixed(6)],
    ss.sampleCorrelation(data, [...data].reverse()).toFixed(10),
    ss.ckmeans(data, 3),
    ss.tTest(data, 4).toFixed(8),
    ss.zScore(5, 3, 1),
    ss.cumulativeStdNormalProbability(1.2).toFixed(6),
    ss.combinations([1, 2, 3], 2),
    ss.jenks(data, 3),
    ss.interquartileRange(data),
  ];
};
