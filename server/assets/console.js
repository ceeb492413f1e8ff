// What pages do by script, and could do without: the bar of news, sheets that open in place, forms that send once.
// The words come from the page; nothing here names a thing in any language.

const main = document.querySelector("main");

// News: the stream says only that there is something; how much, the page's own address says.
const news = document.querySelector("[data-news]");
if (news) {
  const live = document.querySelector("[data-live]");
  const say = (name) => {
    if (!live) return;
    live.classList.toggle("cut", name === "cut");
    live.querySelector("span").textContent = name === "cut" ? live.dataset.cut : live.dataset.on;
  };
  let asking = false;
  let again = false;
  const count = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    again = false;
    try {
      const answer = await fetch(news.dataset.news, { headers: { accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { count, words } = await answer.json();
      news.hidden = count === 0;
      if (count > 0) news.querySelector("[data-words]").textContent = words;
    } catch {
      say("cut");
    }
    asking = false;
    if (again) count();
  };
  // The stream is read as it comes: a word of news carries no data, which an EventSource would pass over.
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort());
  const listen = async () => {
    const answer = await fetch("/v1/live", { redirect: "error", signal: leaving.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    say("live");
    count();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const words = (rest + value).split("\n\n");
      rest = words.pop();
      if (words.some((word) => word.includes("event: new"))) count();
    }
  };
  const stay = async () => {
    for (let pause = 1000; !leaving.signal.aborted; pause = Math.min(pause * 2, 60000)) {
      try {
        await listen();
        pause = 1000;
      } catch {
        // Told below; tried again.
      }
      if (!leaving.signal.aborted) say("cut");
      await new Promise((later) => setTimeout(later, pause));
    }
  };
  stay();
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

// A form is sent once: a second tap on its way is no second act. (The server takes the same form only once anyway.)
document.addEventListener("submit", (event) => {
  const form = event.target;
  // What may be asked for again: a file, a choice.
  if ("again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

// The problems of a form that came back are read first.
document.querySelector("#problems")?.focus();

// Choosing in a filter is enough.
for (const choice of document.querySelectorAll("[data-go]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;

// What prints, prints itself; without script the browser's own menu does.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A phone number that was typed is looked up when its field is left.
const lookup = document.querySelector("[data-lookup]");
if (lookup) {
  const asked = lookup.value;
  lookup.addEventListener("change", () => {
    if (lookup.value.trim() !== asked.trim()) lookup.form.querySelector("[value=find]").click();
  });
}

// A file that is being written: how far it got is asked each second, under an id of its own.
const progress = document.querySelector("[data-progress]");
const follow = async (id) => {
  for (let misses = 0; misses < 5; ) {
    await new Promise((later) => setTimeout(later, 1000));
    const answer = await fetch(progress.dataset.progress + id, { redirect: "error" }).catch(() => undefined);
    if (!answer?.ok) {
      misses += 1;
      continue;
    }
    const { words, done } = await answer.json();
    progress.hidden = false;
    progress.textContent = words;
    if (done) return;
  }
};
document.querySelector("[data-download]")?.addEventListener("click", (event) => {
  const field = event.currentTarget.form.querySelector("[name=id]");
  field.value = crypto.randomUUID();
  follow(field.value);
});

// Grids are walked with the arrow keys.
for (const grid of document.querySelectorAll("[data-grid]")) {
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest("td, th");
    if (!step || !cell) return;
    let row = cell.parentElement.rowIndex + step[0];
    const rows = grid.rows;
    while (rows[row]) {
      const next = rows[row].cells[cell.cellIndex + step[1]]?.querySelector("a, button");
      if (next) {
        event.preventDefault();
        next.focus();
        return;
      }
      if (step[0] === 0) return;
      row += step[0];
    }
  });
}

// What is good for a while only counts down.
for (const timer of document.querySelectorAll("[data-until]")) {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  const draw = () => {
    const left = (Number(timer.dataset.until) - Date.now()) / 1000;
    if (left <= 0) {
      timer.textContent = timer.dataset.ended;
      return;
    }
    const days = Math.floor(left / 86400);
    const clock = `${two((left % 86400) / 3600)}:${two((left % 3600) / 60)}:${two(left % 60)}`;
    timer.textContent = timer.dataset.left.replace("#", `${days > 0 ? `${days} ${timer.dataset.day} ` : ""}${clock}`);
    setTimeout(draw, 1000);
  };
  draw();
}

main?.classList.add("scripted");
