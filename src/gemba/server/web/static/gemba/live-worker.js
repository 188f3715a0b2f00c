// One event stream for all tabs of a browser: tabs say which charts they show, the worker holds the stream.
"use strict";
const tabs = new Map();
let source = null;
let following = "";
let last = 0;

function tell(message) { for (const port of tabs.keys()) port.postMessage(message); }

function follow() {
  const charts = [...new Set([...tabs.values()].flat())].sort((a, b) => a - b).join(",");
  if (charts === following && source && source.readyState !== 2) return;
  if (source) source.close();
  following = charts;
  if (!charts) { source = null; return; }
  source = new EventSource(`/live?charts=${charts}${last ? `&after=${last}` : ""}`);
  source.onopen = () => tell({ state: "live" });
  source.onerror = () => {
    tell({ state: "away" });
    if (source.readyState === 2) setTimeout(follow, 3000);
  };
  source.addEventListener("chart", (event) => {
    const news = JSON.parse(event.data);
    last = Math.max(last, Number(event.lastEventId));
    tell({ state: "live", chart: news.chart, point: news.point });
  });
  source.addEventListener("signed-out", () => { source.close(); tell({ state: "signed-out" }); });
}

self.onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = (message) => {
    if (message.data.leave) tabs.delete(port); else tabs.set(port, message.data.charts);
    follow();
    if (source && source.readyState === 1) port.postMessage({ state: "live" });
  };
};
