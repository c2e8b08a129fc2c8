import * as turf from '@turf/turf';

export default () => {
  const square = turf.polygon([
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 0],
    ],
  ]);
  const other = turf.polygon([
    [
      [5, 5],
      [15, 5],
      [15, 15],
      [5, 15],
      [5, 5],
    ],
  ]);
  const points = turf.featureCollection(
    [
      [1, 1],
      [9, 4],
      [12, 12],
      [6, 7],
    ].map((at) => turf.point(at)),
  );
  const rounded = (value) => Math.round(value * 1000) / 1000;
  return {
    area: Math.round(turf.area(square)),
    common: turf.truncate(turf.intersect(turf.featureCollection([square, other])), { precision: 4 }).geometry,
    inside: turf.pointsWithinPolygon(points, square).features.length,
    km: rounded(turf.distance([13.4, 52.5], [2.35, 48.86])),
    bearing: rounded(turf.bearing([13.4, 52.5], [2.35, 48.86])),
    hull: turf.convex(points).geometry.coordinates,
    near: turf.nearestPoint([8, 8], points).geometry.coordinates,
  };
};
