"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  let plots = [];

  const colour = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const draw = (place, xs, ys, { height, dates, width }) => {
    const axis = { stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 }, font: "11px system-ui, sans-serif" };
    const fill = colour("--accent");
    const options = {
      width: place.clientWidth,
      height,
      legend: { show: dates },
      cursor: { drag: { x: dates, y: false }, y: false, points: { show: false } },
      scales: { x: { time: dates, range: (_, low, high) => [low - width, high + width] }, y: { range: (_, low, high) => [0, Math.max(high, 1)] } },
      axes: [{ ...axis, space: dates ? 60 : 45 }, { ...axis, size: 46, space: 30 }],
      series: [{ label: dates ? "day" : "value", value: dates ? "{YYYY}-{MM}-{DD}" : undefined }, { label: "documents", fill, stroke: fill, width: 0, points: { show: false }, paths: uPlot.paths.bars({ size: [dates ? 0.9 : 0.92, 100, 1] }) }],
    };
    if (dates) options.tzDate = (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC");
    return new uPlot(options, [xs, ys], place);
  };

  const drawAll = () => {
    for (const plot of plots) plot.destroy();
    plots = [];
    const days = document.getElementById("days");
    if (days && days.clientWidth) {
      plots.push(draw(days, data.days, data.documents, { height: 220, dates: true, width: 86400 }));
      plots[0].setScale("x", { min: data.from, max: data.to });
    }
    document.querySelectorAll(".plot.signal").forEach((place, n) => {
      const { low, high, bins } = data.signals[n];
      const width = (high - low) / bins.length;
      plots.push(draw(place, bins.map((_, at) => low + (at + 0.5) * width), bins, { height: 110, dates: false, width }));
    });
  };
  drawAll();
  document.documentElement.addEventListener("theme", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  let wait;
  addEventListener("resize", () => {
    clearTimeout(wait);
    wait = setTimeout(drawAll, 150);
  });
})();
