// The live page: sends what was changed, shows what comes back, drops stale answers.
// No framework and no build step; the server draws, this file only carries.

const REFUSED = "This change cannot be shown; the figures are those of the change before.";
const UNANSWERED = "The server does not answer; start brink serve again.";
const PREVIEW_PAUSE_MS = 12;
const REFINE_PAUSE_MS = 450;

// Revisions count from zero on each open page; the server tells pages apart by this name.
const PAGE = crypto.randomUUID();

const edit = { values: {}, without: new Set(), asOf: null };
let revision = 0;
let shown = 0;
let inFlight = false;
let waiting = false;
let refineTimer = 0;

const status = document.getElementById("status");
const problems = document.getElementById("problems");

// What the figures are about: said beside how many draws they rest on.
function changes() {
  const count = (number, one, many) => (number ? [`${number} ${number === 1 ? one : many}`] : []);
  const said = [
    ...count(Object.keys(edit.values).length, "assumption changed", "assumptions changed"),
    ...count(edit.without.size, "entry switched off", "entries switched off"),
    ...(edit.asOf ? [`the record up to ${edit.asOf}`] : []),
  ];
  return said.length ? `What if, with ${said.join(", ")}: ` : "";
}

function say(text) {
  status.textContent = text;
}

function sayDraws(text) {
  const begin = changes();
  say(begin + (begin ? text[0].toLowerCase() + text.slice(1) : text));
}

function body(kind) {
  return JSON.stringify({
    kind,
    page: PAGE,
    revision,
    values: edit.values,
    without: [...edit.without].sort(),
    as_of: edit.asOf,
  });
}

async function post(path, text) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: text,
    credentials: "same-origin",
  });
  return { code: answer.status, data: await answer.json() };
}

function show(data) {
  if (data.revision < shown) return;
  shown = data.revision;
  for (const [name, html] of Object.entries(data.sections)) {
    const place = document.getElementById(`section-${name}`);
    if (place) place.innerHTML = html;
  }
  // What an edit does not compute again stays, and says so.
  for (const place of document.querySelectorAll("[id^='section-']")) {
    const name = place.id.replace("section-", "");
    if (name in data.sections) place.classList.remove("outdated");
    else if (data.settled) place.classList.add("outdated");
  }
  document.body.dataset.shown = String(shown);
}

function showProblems(list) {
  problems.replaceChildren(
    ...list.map((problem) => {
      const line = document.createElement("p");
      const remedy = problem.remedy ? `; ${problem.remedy}` : "";
      line.textContent = `${problem.code} ${problem.message}${remedy}`;
      return line;
    }),
  );
  problems.hidden = list.length === 0;
}

async function preview() {
  if (inFlight) {
    waiting = true;
    return;
  }
  inFlight = true;
  const started = performance.now();
  try {
    const { code, data } = await post("/api/view", body("preview"));
    if (data.stale) {
      say("Superseded by a newer change.");
    } else if (code === 200) {
      show(data);
      showProblems([]);
      const took = Math.round(performance.now() - started);
      document.body.dataset.latency = String(took);
      sayDraws(`Preview from ${data.draws} draws in ${took} ms; refining…`);
    } else if (data.problems) {
      showProblems(data.problems);
      say(REFUSED);
    }
  } catch {
    say(UNANSWERED);
  } finally {
    inFlight = false;
  }
  if (waiting) {
    waiting = false;
    window.setTimeout(preview, PREVIEW_PAUSE_MS);
    return;
  }
  window.clearTimeout(refineTimer);
  refineTimer = window.setTimeout(refine, REFINE_PAUSE_MS);
}

async function refine() {
  const asked = revision;
  try {
    const { code, data } = await post("/api/view", body("full"));
    if (asked !== revision) return;
    if (data.stale) {
      say("Superseded by a newer change.");
    } else if (code === 200) {
      show(data);
      showProblems([]);
      document.body.dataset.refined = String(data.revision);
      sayDraws(`All figures from ${data.draws} draws at each rationality.`);
    } else if (data.problems) {
      showProblems(data.problems);
      say(REFUSED);
    }
  } catch {
    say(UNANSWERED);
  }
}

function changed() {
  revision += 1;
  preview();
}

for (const slider of document.querySelectorAll("input[data-key]")) {
  const output = document.getElementById(slider.getAttribute("aria-describedby"));
  const words = () => slider.dataset.percent
    ? `${Math.round(100 * slider.valueAsNumber)} %`
    : slider.valueAsNumber.toFixed(2);
  slider.addEventListener("input", () => {
    edit.values[slider.dataset.key] = slider.valueAsNumber;
    output.textContent = `set to ${words()}`;
    slider.setAttribute("aria-valuetext", words());
    changed();
  });
  const reset = document.getElementById(slider.dataset.reset);
  reset.addEventListener("click", () => {
    delete edit.values[slider.dataset.key];
    slider.value = slider.dataset.central;
    output.textContent = output.dataset.stated;
    slider.removeAttribute("aria-valuetext");
    changed();
  });
}

for (const box of document.querySelectorAll("input[data-event]")) {
  box.addEventListener("change", () => {
    if (box.checked) edit.without.delete(box.dataset.event);
    else edit.without.add(box.dataset.event);
    changed();
  });
}

const replay = document.getElementById("as-of");
if (replay) {
  const days = JSON.parse(replay.dataset.days);
  const label = document.getElementById("as-of-text");
  replay.addEventListener("input", () => {
    const day = days[replay.valueAsNumber];
    edit.asOf = replay.valueAsNumber === days.length - 1 ? null : day;
    label.textContent = day;
    replay.setAttribute("aria-valuetext", day);
    changed();
  });
}

document.getElementById("copy-patch").addEventListener("click", async () => {
  let data;
  try {
    ({ data } = await post("/api/patch", body("patch")));
  } catch {
    say(UNANSWERED);
    return;
  }
  if (data.problems) {
    showProblems(data.problems);
    say(REFUSED);
    return;
  }
  document.getElementById("patch").textContent = data.patch;
  try {
    await navigator.clipboard.writeText(data.patch);
    say("Copied as a YAML patch.");
  } catch {
    say("The patch is shown below; copy it from there.");
  }
});

document.body.dataset.ready = "yes";
refineTimer = window.setTimeout(refine, REFINE_PAUSE_MS);
