// Curves by uPlot: one card a chart, with a legend that names, switches and reads the curves.

const view = { x: 'step', log: false, smooth: 0 };
const DASHES = [[], [9, 4], [2, 3], [10, 3, 2, 3], [5, 2]];
const COLORS = 8;
const STAGES = ['train', 'val', 'test'];
const cards = [];

/** Train, validation and test look alike in all charts of a run, and a run in all charts of a comparison. */
function styleOf(chart, index) {
  const line = chart.lines[index];
  if (!single) {
    return line.run;
  }
  const stages = chart.lines.map((other) => other.stage);
  const known = stages.every((stage, i) => STAGES.includes(stage) && stages.indexOf(stage) === i);
  return known ? STAGES.indexOf(line.stage) : index;
}

function labelOf(line) {
  return single ? line.name : data.runs[line.run].name;
}

function xsOf(line) {
  const seconds = data.runs[line.run].seconds;
  return view.x === 'step' || !seconds.x.length ? line.x : line.x.map((x) => interpolated(seconds, x));
}

function smoothed(ys) {
  let mean = null;
  return ys.map((y) => {
    if (y === null || y === undefined) {
      return y;
    }
    mean = mean === null ? y : view.smooth * mean + (1 - view.smooth) * y;
    return mean;
  });
}

function isLog(chart) {
  return view.log && chart.lines.every((line) => line.y.every((y) => y === null || y > 0));
}

function where(x) {
  if (x === null || x === undefined) {
    return '';
  }
  if (view.x !== 'step') {
    return 'after ' + duration(x);
  }
  const run = data.runs[0];
  const parts = ['step ' + short(Math.round(x))];
  if (single && run.epochs.x.length) {
    parts.push('epoch ' + short(Math.floor(run.epochs.y[Math.max(0, indexAt(run.epochs.x, x))])));
  }
  if (single && run.seconds.x.length) {
    parts.push(duration(interpolated(run.seconds, x)));
  }
  return parts.join(' · ');
}

function swatch(style) {
  return svg('svg', { width: 26, height: 10, 'aria-hidden': 'true' },
    svg('line', {
      x1: 1, x2: 25, y1: 5, y2: 5, stroke: `var(--c${style % COLORS})`, 'stroke-width': 2.5,
      'stroke-dasharray': DASHES[style % DASHES.length].join(' '),
    }));
}

/** The nearest value of a curve to the pointer; none where the curve is not. */
function nearest(plot, series, hovered, x) {
  const ys = plot.data[series];
  const xs = plot.data[0];
  if (ys[hovered] !== undefined) {
    return hovered;
  }
  let left = hovered;
  let right = hovered;
  while (left >= 0 && ys[left] === undefined) {
    left--;
  }
  while (right < ys.length && ys[right] === undefined) {
    right++;
  }
  const close = 0.03 * (plot.scales.x.max - plot.scales.x.min);
  if (left < 0 || right === ys.length) {
    const end = left < 0 ? right : left;
    return end >= 0 && end < ys.length && Math.abs(xs[end] - x) <= close ? end : null;
  }
  return x - xs[left] <= xs[right] - x ? left : right;
}

/** A cross at the bottom wherever a value was no finite number. */
function drawGaps(plot, count) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  const size = 3.5 * devicePixelRatio;
  for (let i = 1; i <= count; i++) {
    ctx.strokeStyle = plot.series[i].stroke(plot, i);
    plot.data[i].forEach((y, j) => {
      if (y === null && plot.series[i].show) {
        const x = plot.valToPos(plot.data[0][j], 'x', true);
        const bottom = bbox.top + bbox.height - 2 * size;
        if (x >= bbox.left && x <= bbox.left + bbox.width) {
          ctx.beginPath();
          ctx.moveTo(x - size, bottom - size);
          ctx.lineTo(x + size, bottom + size);
          ctx.moveTo(x - size, bottom + size);
          ctx.lineTo(x + size, bottom - size);
          ctx.stroke();
        }
      }
    });
  }
  ctx.restore();
}

function axis(more) {
  const ink = color('soft');
  return {
    stroke: ink,
    font: '12px system-ui, sans-serif',
    grid: { stroke: color('grid'), width: 1 },
    ticks: { stroke: color('grid'), width: 1, size: 4 },
    ...more,
  };
}

class Card {
  constructor(chart) {
    this.chart = chart;
    this.where = el('span', { class: 'where' });
    this.plotBox = el('div', { class: 'plot', tabindex: 0, role: 'img', 'aria-label': this.description() });
    this.values = chart.lines.map(() => el('span', { class: 'value' }));
    this.buttons = chart.lines.map((line, i) => el('button', {
      type: 'button', 'aria-pressed': 'true', onclick: () => this.toggle(i),
    }, swatch(styleOf(chart, i)), el('span', { class: 'name' }, labelOf(line)), ' ', this.values[i]));
    this.element = el('section', { class: 'card chart', 'aria-label': chart.title },
      el('header', {}, el('h3', {}, chart.title), this.where),
      this.plotBox,
      el('ul', { class: 'legend' }, this.buttons.map((button) => el('li', {}, button))),
      this.gaps());
    this.plotBox.addEventListener('keydown', (event) => this.key(event));
    this.showLast();
  }

  description() {
    return this.chart.title + ': ' + this.chart.lines.map((line, i) => {
      const metric = this.metric(line);
      return `${labelOf(line)}, ${short(metric.count)} values, last ${short(metric.last)}`;
    }).join('; ') + '. Arrow keys move along the curves.';
  }

  metric(line) {
    return data.runs[line.run].metrics.find((metric) => metric.name === line.name);
  }

  gaps() {
    return this.chart.lines.map((line) => [line, this.metric(line)]).filter(([, metric]) => metric.nonFinite > 0)
      .map(([line, metric]) => el('p', { class: 'note' }, el('span', { class: 'warn' }, '× '),
        `${labelOf(line)}: ${short(metric.nonFinite)} of ${short(metric.count)} values `
        + `${metric.nonFinite === 1 ? 'is' : 'are'} not finite, first ${metric.firstNonFinite} at step ${short(metric.firstNonFiniteAt)}`));
  }

  toggle(i) {
    const pressed = this.buttons[i].getAttribute('aria-pressed') === 'true';
    this.buttons[i].setAttribute('aria-pressed', String(!pressed));
    if (this.plot) {
      this.draw();
    }
  }

  isShown(i) {
    return this.buttons[i].getAttribute('aria-pressed') === 'true';
  }

  showLast() {
    this.where.textContent = '';
    this.chart.lines.forEach((line, i) => {
      this.values[i].textContent = short(this.metric(line).last);
    });
  }

  showAt(plot) {
    if (plot.cursor.idx === null || plot.cursor.idx === undefined || plot.cursor.left < 0) {
      this.showLast();
      return;
    }
    this.where.textContent = where(plot.data[0][plot.cursor.idx]);
    this.chart.lines.forEach((line, i) => {
      const at = plot.cursor.idxs[i + 1];
      const y = at === null || at === undefined ? undefined : this.raw[i][at];
      this.values[i].textContent = y === null ? 'not finite' : short(y);
    });
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (!this.plot || (!step && event.key !== 'Home' && event.key !== 'End')) {
      return;
    }
    event.preventDefault();
    const xs = this.plot.data[0];
    const from = this.plot.cursor.left >= 0 && this.plot.cursor.idx !== null ? this.plot.cursor.idx : xs.length - 1;
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? xs.length - 1 : Math.max(0, Math.min(xs.length - 1, from + step));
    this.plot.setCursor({ left: this.plot.valToPos(xs[to], 'x'), top: this.plot.over.clientHeight / 2 });
  }

  draw() {
    if (this.plot) {
      this.plot.destroy();
    }
    const lines = this.chart.lines;
    const joined = uPlot.join(lines.map((line) => [xsOf(line), line.y]));
    this.raw = joined.slice(1);
    const smooth = view.smooth > 0;
    const shown = smooth ? [joined[0], ...this.raw.map(smoothed), ...this.raw] : joined;
    this.plot = new uPlot(this.options(smooth), shown, this.plotBox);
  }

  options(smooth) {
    const lines = this.chart.lines;
    const time = view.x !== 'step';
    const series = lines.map((line, i) => this.series(line, i, false));
    return {
      width: Math.max(120, this.plotBox.clientWidth),
      height: this.plotBox.clientHeight,
      padding: [10, 12, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: 'all', setSeries: false },
        drag: { x: true, y: false },
        dataIdx: nearest,
        points: { size: 7 },
      },
      scales: { x: { time: false }, y: { distr: isLog(this.chart) ? 3 : 1 } },
      axes: [
        axis({ size: 30, space: 64, values: (plot, ticks) => ticks.map((tick) => (time ? duration(tick) : Number.isInteger(tick) ? short(tick) : '')) }),
        axis({ size: 58, space: 34, values: (plot, ticks) => ticks.map((tick) => (tick === null ? '' : short(tick))) }),
      ],
      series: [{}, ...series, ...(smooth ? lines.map((line, i) => this.series(line, i, true)) : [])],
      hooks: {
        setCursor: [(plot) => this.showAt(plot)],
        draw: [(plot) => drawGaps(plot, lines.length)],
      },
    };
  }

  series(line, i, faint) {
    const style = styleOf(this.chart, i);
    const stroke = color('c' + (style % COLORS));
    return {
      label: labelOf(line),
      show: this.isShown(i),
      stroke: faint ? stroke + '40' : stroke,
      width: faint ? 1 : 2,
      dash: faint ? [] : DASHES[style % DASHES.length],
      points: line.x.length <= 30 && !faint ? { show: true, size: line.x.length === 1 ? 9 : 6, fill: stroke, stroke } : { show: false },
    };
  }

  resize() {
    if (this.plot && this.plotBox.clientWidth > 0 && this.plotBox.clientWidth !== this.plot.width) {
      this.plot.setSize({ width: this.plotBox.clientWidth, height: this.plotBox.clientHeight });
    }
  }
}

const appearing = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
  appearing.unobserve(entry.target);
  cards.find((card) => card.element === entry.target).draw();
}), { rootMargin: '600px' });
const resizing = new ResizeObserver(() => cards.forEach((card) => card.resize()));

function chartCard(chart) {
  const card = new Card(chart);
  cards.push(card);
  appearing.observe(card.element);
  resizing.observe(card.plotBox);
  return card.element;
}

function redraw() {
  cards.filter((card) => card.plot).forEach((card) => card.draw());
}

function tools() {
  const timed = data.runs.some((run) => run.seconds.x.length > 1);
  const set = (name, value) => {
    view[name] = value;
    redraw();
  };
  return el('div', { class: 'tools' },
    timed && el('label', {}, 'along', el('select', { onchange: (event) => set('x', event.target.value) },
      el('option', { value: 'step' }, 'steps'), el('option', { value: 'time' }, 'time'))),
    el('label', {}, el('input', { type: 'checkbox', onchange: (event) => set('log', event.target.checked) }), 'logarithmic'),
    el('label', {}, 'smoothing', el('input', {
      type: 'range', min: 0, max: 0.99, step: 0.01, value: 0, oninput: (event) => set('smooth', Number(event.target.value)),
    })),
    el('span', {}, 'Drag across a chart to zoom, double-click to see all.'));
}
