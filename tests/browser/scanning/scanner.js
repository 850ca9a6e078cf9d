// A page with nothing but the scanner, which is fetched when somebody asks for it.

window.timesClosed = 0;

const open = document.getElementById("open");
open.addEventListener("click", async () => {
  const scan = await import("/static/app/scan.js");
  await scan.loadTexts();
  scan.switchInPlace(() => undefined);
  const panel = scan.cameraPanel({
    onText: (text) => {
      const said = document.createElement("output");
      said.dataset.after = String(Math.round(performance.now() - window.started));
      said.textContent = text;
      document.getElementById("found").append(said);
    },
    onClose: () => {
      window.timesClosed += 1;
      open.focus();
    },
  });
  document.getElementById("place").replaceChildren(panel.node);
  // The first frame is the beginning of the waiting; before it people answer the browser's question.
  panel.node.querySelector("video").addEventListener("loadeddata", () => {
    window.started = performance.now();
  });
  panel.node.querySelector("h2").focus();
  Object.assign(window, { scan, panel });
});
