import { figure, palette, type Figure } from './figure';
import { shorten } from './shorten';

/** A point with a name. */
export interface NamedPoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** What it belongs to: the colour and the shape. */
  readonly group: string;
}

export interface PointsPlotOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly title?: string;
  /** How many of the points, the first ones, bear their name where it has room; the others when hovered over. */
  readonly labelled?: number;
}

const colors = [palette.blue, palette.vermillion, palette.green, palette.orange, palette.purple, palette.sky];
/** Told apart in grey, too. */
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'x', 'cross'] as const;
/** Most characters of a label, and of a group's name, three of which stand side by side above the plot. */
const longest = { label: 30, group: 24 };
const [width, height, top] = [900, 640, 130];
/** Of a label, in pixels: a character and a line. */
const [character, line] = [6.4, 15];

/** Points in a plane whose axes have no unit but are alike: what is near is alike. Groups beyond the sixth are one. */
export const pointsPlot = (points: readonly NamedPoint[], options: PointsPlotOptions): Figure => {
  const { xTitle, yTitle, title, labelled = 12 } = options;
  const counts = new Map<string, number>();
  for (const { group } of points) counts.set(group, (counts.get(group) ?? 0) + 1);
  const bySize = [...counts.keys()].sort((a, b) => (counts.get(b) as number) - (counts.get(a) as number));
  const isMany = bySize.length > colors.length;
  const shown = isMany ? bySize.slice(0, colors.length - 1) : bySize;
  const groups = isMany ? [...shown, 'others'] : shown;
  const groupOf = ({ group }: NamedPoint): string => (shown.includes(group) ? group : 'others');
  const labels = placeLabels(points, labelled);
  return figure({
    data: groups.map((group, g) => {
      const own = points.filter((point) => groupOf(point) === group);
      return {
        type: 'scatter',
        mode: 'text+markers',
        name: shorten(group, longest.group),
        x: own.map(({ x }) => x),
        y: own.map(({ y }) => y),
        text: own.map((point) => (labels.has(point) ? labelOf(point) : '')),
        textposition: own.map((point) => labels.get(point) ?? 'top center'),
        textfont: { size: 11 },
        cliponaxis: false,
        marker: { color: colors[g] as string, symbol: symbols[g] as (typeof symbols)[number], size: 9 },
        customdata: own.map(({ name, group }) => `${name}<br>${group}`),
        hovertemplate: '%{customdata}<extra></extra>',
      };
    }),
    layout: {
      ...(title === undefined ? {} : { title: { text: title, y: 0.98 } }),
      width,
      height,
      margin: { l: 70, r: 60, t: top, b: 60 },
      xaxis: { title: { text: xTitle } },
      yaxis: { title: { text: yTitle }, scaleanchor: 'x' },
    },
    alt: `${points.length} points in ${counts.size} groups, ${xTitle} against ${yTitle}: ${points
      .slice(0, labelled)
      .map(({ name, x, y }) => `${name} (${x.toFixed(2)}, ${y.toFixed(2)})`)
      .join('; ')}.`,
  });
};

const labelOf = ({ name }: NamedPoint): string => shorten(name, longest.label);

const positions = ['top center', 'bottom center', 'middle right', 'middle left'] as const;

/** Where each of the first points' labels stands, so that it covers no other label and no point. */
const placeLabels = (
  points: readonly NamedPoint[],
  count: number,
): ReadonlyMap<NamedPoint, (typeof positions)[number]> => {
  const extent = (values: readonly number[]): number => Math.max(...values) - Math.min(...values) || 1;
  const scale = Math.min(
    (0.85 * (width - 130)) / extent(points.map(({ x }) => x)),
    (0.85 * (height - top - 60)) / extent(points.map(({ y }) => y)),
  );
  const boxAround = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });
  const taken = points.map(({ x, y }) => boxAround(scale * x, -scale * y, 10, 10));
  const placed = new Map<NamedPoint, (typeof positions)[number]>();
  points.slice(0, count).forEach((point, p) => {
    const w = character * labelOf(point).length;
    const [x, y] = [scale * point.x, -scale * point.y];
    const boxes = {
      'top center': boxAround(x, y - line, w, line),
      'bottom center': boxAround(x, y + line, w, line),
      'middle right': boxAround(x + w / 2 + 9, y, w, line),
      'middle left': boxAround(x - w / 2 - 9, y, w, line),
    };
    const free = positions.find((position) =>
      taken.every((other, n) => {
        const own = boxes[position];
        return (
          n === p ||
          Math.abs(own.x - other.x) > (own.w + other.w) / 2 ||
          Math.abs(own.y - other.y) > (own.h + other.h) / 2
        );
      }),
    );
    if (free === undefined) return;
    placed.set(point, free);
    taken.push(boxes[free]);
  });
  return placed;
};
