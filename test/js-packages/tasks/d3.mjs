import * as d3 from 'd3';

export default () => {
  const linear = d3.scaleLinear().domain([0, 97]).nice().range([0, 500]);
  const tree = d3
    .hierarchy({
      n: 'r',
      children: [
        { n: 'a', v: 3 },
        { n: 'b', children: [{ n: 'c', v: 5 }] },
      ],
    })
    .sum(({ v }) => v ?? 0);
  d3.treemap().size([100, 50]).round(true)(tree);
  const rows = d3.csvParse('k,v\na,1\nb,2\na,5', d3.autoType);
  return {
    ticks: linear.ticks(5),
    domain: linear.domain(),
    path: d3.line().curve(d3.curveMonotoneX)([
      [0, 0],
      [10, 5],
      [20, 1],
    ]),
    arc: d3.arc()({ innerRadius: 10, outerRadius: 20, startAngle: 0, endAngle: 1 }),
    sums: d3.rollups(
      rows,
      (group) => d3.sum(group, ({ v }) => v),
      ({ k }) => k,
    ),
    leaves: tree.leaves().map(({ data, x0, x1, y0, y1 }) => [data.n, x0, x1, y0, y1]),
    colour: d3.interpolateViridis(0.4),
    format: [d3.format('.3s')(123456), d3.format('+,.2%')(0.12345), d3.utcFormat('%Y-%j %H')(new Date(0))],
    quantiles: d3.scaleQuantile([1, 2, 3, 4, 5, 6], [0, 1, 2]).quantiles(),
    contours: d3.contours().size([3, 3]).thresholds([0.5])([0, 0, 0, 0, 1, 0, 0, 0, 0]),
  };
};
