// Pictures: every element with data-chart gets the option of that id, in the desk's colours. A page with pictures loads
// vendor/echarts.min.js and this file in its head block.
"use strict";

(() => {
  const ink = "#1f3a5f";
  const theme = {
    color: ["#1f3a5f", "#b3261e", "#b26a00", "#6b7785", "#2f7d6b", "#5b7fb3", "#8a6d3b", "#7a5c8e"],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: "#2b3440" },
    line: { symbolSize: 6, lineStyle: { width: 2 } },
    categoryAxis: { axisLine: { lineStyle: { color: "#8d99a6" } }, axisLabel: { color: "#4a5563" } },
    valueAxis: { splitLine: { lineStyle: { color: "#e3e8ee" } }, axisLabel: { color: "#4a5563" } },
    title: { textStyle: { color: ink, fontSize: 14 } },
  };

  const draw = (place) => {
    const source = document.getElementById(place.dataset.chart);
    if (!source || !window.echarts || place.dataset.drawn) return;
    place.dataset.drawn = "yes";
    const option = JSON.parse(source.textContent);
    // Tooltips drawn on the canvas: those made of HTML need styles that the page's policy refuses.
    option.tooltip = { renderMode: "richText", confine: true, ...(option.tooltip || {}) };
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const picture = window.echarts.init(place, theme, { renderer: "canvas" });
    picture.setOption({ animation: !calm, animationDuration: 300, ...option });
    picture.on("click", (point) => {
      const address = point.data && point.data.href;
      if (typeof address === "string" && address.startsWith("/") && !address.startsWith("//")) location.assign(address);
    });
    new ResizeObserver(() => picture.resize()).observe(place);
  };

  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  drawAll(document);
  document.addEventListener("htmx:load", (event) => drawAll(event.target));
})();
