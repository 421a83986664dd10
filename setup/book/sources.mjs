/** What jupyter-book is given: the pages, the table of contents, and the scripts that they load. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../support/paths.mjs';

const plotly = 'application/vnd.plotly.v1+json';

const escapeHtml = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

const text = (value) => [value].flat().join('');

/** A figure as HTML: its picture, and beside it what Plotly draws it from. */
const figureHtml = (data) => {
  const alt = escapeHtml(text(data['text/plain'] ?? '').replace(/^Figure: /, ''));
  const json = JSON.stringify(data[plotly]).replace(/</g, '\\u003c');
  const svg = data['image/svg+xml'] && Buffer.from(text(data['image/svg+xml'])).toString('base64');
  const picture = svg ? `<img alt="${alt}" src="data:image/svg+xml;base64,${svg}">` : `<img alt="${alt}">`;
  return `<div class="labor-llm-figure" role="img" aria-label="${alt}">${picture}<script type="application/json">${json}</script></div>`;
};

/** The notebook with its Plotly figures in a form that a web page draws by itself. */
export const forWeb = (notebook) => ({
  ...notebook,
  cells: notebook.cells.map((cell) =>
    cell.cell_type !== 'code'
      ? cell
      : {
          ...cell,
          outputs: cell.outputs.map((output) =>
            output.data?.[plotly] ? { ...output, data: { 'text/html': figureHtml(output.data) } } : output,
          ),
        },
  ),
});

const notebooksIn = (folder) =>
  readdirSync(inRoot(folder))
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => `${folder}/${name}`);

const part = (caption, pages) =>
  pages.length === 0
    ? ''
    : `  - caption: ${caption}\n    chapters:\n${pages.map((page) => `      - file: ${page.replace(/\.\w+$/, '')}\n`).join('')}`;

/**
 * Writes it all into a folder.
 *
 * @param packages the folder of the Python packages that carry MathJax and Plotly
 * @returns the pages, without their endings, as the site will have them
 */
export const writeSources = (folder, packages) => {
  const notebooks = notebooksIn('notebooks');
  const solutions = notebooksIn('notebooks/solutions');
  const teaching = ['notebooks/README.md'].filter((page) => existsSync(inRoot(page)));
  for (const page of [...notebooks, ...solutions]) {
    mkdirSync(dirname(join(folder, page)), { recursive: true });
    writeFileSync(join(folder, page), JSON.stringify(forWeb(JSON.parse(readFileSync(inRoot(page), 'utf8')))));
  }
  const docs = readdirSync(inRoot('docs')).map((name) => `docs/${name}`);
  const tables = {
    'main-table': 'The main table',
    'paper-order': "The paper's order of models",
    gains: 'Sources of gains',
  };
  const published = Object.entries(tables).map(([name, heading]) => {
    const table = `data/results/published/${name}.md`;
    mkdirSync(dirname(join(folder, table)), { recursive: true });
    writeFileSync(join(folder, table), `# ${heading}\n\n${readFileSync(inRoot(table), 'utf8')}`);
    return table;
  });
  const foundation = 'data/foundation/README.md';
  for (const page of ['README.md', 'figures/published', foundation, ...teaching, ...docs]) {
    cpSync(inRoot(page), join(folder, page), { recursive: true });
  }
  const isAppendix = (page) => /\/appendix/.test(page);
  const contents = [
    'format: jb-book\nroot: README\nparts:\n',
    part(
      'The paper',
      notebooks.filter((page) => !isAppendix(page)),
    ),
    part('Appendices', notebooks.filter(isAppendix)),
    part('For a class', [...teaching, ...solutions]),
    part('Published results', [...published, foundation]),
    part('Experiments', docs),
  ];
  writeFileSync(join(folder, '_toc.yml'), contents.join(''));
  cpSync(inRoot('setup', 'book', 'config.yml'), join(folder, '_config.yml'));
  const scripts = {
    'book.css': inRoot('setup', 'book', 'book.css'),
    'figures.js': inRoot('setup', 'book', 'figures.js'),
    'plotly.min.js': join(packages, 'plotly', 'package_data', 'plotly.min.js'),
    'tex-svg.js': join(packages, 'sphinx-mathjax-offline', 'static', 'mathjax', 'tex-svg.js'),
  };
  for (const [name, from] of Object.entries(scripts)) cpSync(from, join(folder, 'static', name));
};
