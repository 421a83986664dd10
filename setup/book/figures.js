/** Draws the figures of a page with the Plotly that lies beside it; until then, and without scripts, their pictures stand. */
const plotlyUrl = new URL('plotly.min.js', document.currentScript.src).href;

const loadPlotly = () =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = plotlyUrl;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${plotlyUrl} is not there`));
    document.head.append(script);
  });

document.addEventListener('DOMContentLoaded', async () => {
  const figures = [...document.querySelectorAll('.labor-llm-figure')];
  if (figures.length === 0) return;
  await loadPlotly();
  const isNarrow = window.matchMedia('(max-width: 768px)').matches;
  for (const figure of figures) {
    const { data, layout, config } = JSON.parse(figure.querySelector('script').textContent);
    const plot = document.createElement('div');
    plot.style.cssText = `width: ${layout.width}px; height: ${layout.height}px`;
    // a finger that moves over a figure means the page
    const touched = isNarrow ? { ...layout, dragmode: false } : layout;
    await window.Plotly.newPlot(plot, data, touched, { ...config, displayModeBar: isNarrow ? false : 'hover' });
    figure.querySelector('img')?.replaceWith(plot);
  }
});
