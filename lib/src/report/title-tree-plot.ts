import { figure, palette, type Figure } from './figure';

/** A token of a tree, parents before children, by depth first. */
export interface TreeNode {
  readonly text: string;
  /** The node before, by its position; -1 at the root. */
  readonly parent: number;
  /** From 1 at the root's children. */
  readonly depth: number;
  /** Of this token, given those before. */
  readonly probability: number;
  /** Of all tokens up to this one. */
  readonly reached: number;
  /** Whether a title ends here. */
  readonly isEnd: boolean;
}

const percent = (p: number): string => {
  if (p < 0.001) return p.toExponential(0);
  return p >= 0.995 ? '~100 %' : `${(100 * p).toFixed(p >= 0.0995 ? 0 : 1)} %`;
};

const LINE = 44;
/** Pixels from one token to the next. */
const STRIDE = 104;
const MARGIN = 110;
const CHARACTER = 7.5;

/** The tree from left to right: on each branch its token and, below, its probability; at each end that of the title. */
export const titleTreePlot = (
  nodes: readonly TreeNode[],
  options: { readonly title?: string; readonly root?: string } = {},
): Figure => {
  const { title, root = 'prompt' } = options;
  const children = nodes.map((): number[] => []);
  const roots: number[] = [];
  nodes.forEach(({ parent }, n) => (parent < 0 ? roots : (children[parent] as number[])).push(n));
  // leaves a line each, in order; what leads to them in their middle
  const y = new Float64Array(nodes.length);
  let leaves = 0;
  for (let n = nodes.length - 1; n >= 0; n--) {
    const own = children[n] as number[];
    y[n] = own.length === 0 ? leaves++ : own.reduce((sum, child) => sum + (y[child] as number), 0) / own.length;
  }
  const middle = roots.reduce((sum, n) => sum + (y[n] as number), 0) / Math.max(1, roots.length);
  const deepest = Math.max(1, ...nodes.map(({ depth }) => depth));
  const from = (parent: number): { x: number; y: number } =>
    parent < 0 ? { x: 0, y: middle } : { x: (nodes[parent] as TreeNode).depth, y: y[parent] as number };
  const width = Math.max(700, 2 * MARGIN + STRIDE * deepest);
  const longest = Math.floor((width - 2 * MARGIN) / deepest / CHARACTER);
  const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
  const ends = nodes.flatMap((node, n) => (node.isEnd ? [{ node, n }] : []));
  return figure({
    data: [
      ...nodes.map(({ parent, depth, probability, reached, text }, n): Figure['data'][number] => {
        const start = from(parent);
        const end = y[n] as number;
        return {
          type: 'scatter',
          mode: 'lines',
          x: [start.x, start.x + 0.16, depth],
          y: [start.y, end, end],
          line: { color: palette.blue, width: 1 + 6 * probability },
          hovertemplate: `${text}: ${percent(probability)}, from the beginning ${percent(reached)}<extra></extra>`,
        };
      }),
    ],
    layout: {
      ...(title === undefined ? {} : { title: { text: title } }),
      width,
      height: 120 + LINE * Math.max(1, leaves),
      showlegend: false,
      margin: { l: MARGIN - 30, r: MARGIN, t: 60, b: 50 },
      xaxis: {
        title: { text: 'tokens of the title' },
        range: [0, deepest],
        tickvals: Array.from({ length: deepest }, (_, d) => d + 0.58),
        ticktext: Array.from({ length: deepest }, (_, d) => String(d + 1)),
        ticks: '',
        showgrid: false,
        showline: false,
      },
      yaxis: { visible: false, range: [-0.6, leaves - 0.4] },
      annotations: [
        { x: 0, y: middle, xanchor: 'right', text: root, showarrow: false, xshift: -6 },
        ...nodes.map(({ text, depth, probability }, n) => ({
          x: depth - 0.42,
          y: y[n] as number,
          yshift: 11 + 3 * probability,
          text: short(text),
          showarrow: false,
          font: { size: 12 },
        })),
        ...nodes.map(({ depth, probability }, n) => ({
          x: depth - 0.42,
          y: y[n] as number,
          yshift: -10 - 3 * probability,
          text: percent(probability),
          showarrow: false,
          font: { size: 11, color: '#555555' },
        })),
        ...ends.map(({ node, n }) => ({
          x: node.depth,
          y: y[n] as number,
          xanchor: 'left' as const,
          xshift: 8,
          text: `<b>${percent(node.reached)}</b>`,
          showarrow: false,
        })),
      ],
    },
    alt: `A tree of ${nodes.length} tokens to ${ends.length} titles. ${ends
      .map(({ node, n }) => `${pathTo(nodes, n).join(' ')}: ${percent(node.reached)}`)
      .join('; ')}.`,
  });
};

const pathTo = (nodes: readonly TreeNode[], n: number): readonly string[] => {
  const path: string[] = [];
  for (let at = n; at >= 0; at = (nodes[at] as TreeNode).parent) {
    const { text, probability } = nodes[at] as TreeNode;
    path.unshift(`${text} (${percent(probability)})`);
  }
  return path;
};
