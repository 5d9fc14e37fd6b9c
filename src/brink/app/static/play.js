// A seat at the table in the browser: asks for the next turn, shows it, sends the choice.

const table = document.getElementById("table");
const problems = document.getElementById("problems");
let number = 0;

async function ask(request) {
  let data;
  try {
    const answer = await fetch("/api/play", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
      credentials: "same-origin",
    });
    data = await answer.json();
  } catch {
    problems.textContent = "The server does not answer; start brink serve again.";
    problems.hidden = false;
    return;
  }
  problems.hidden = !data.problems;
  if (data.problems) {
    problems.textContent = data.problems
      .map((one) => [`${one.code} ${one.message}`, one.remedy].filter(Boolean).join("; "))
      .join(". ");
    return;
  }
  number = data.play;
  table.replaceChildren(...(data.kind === "turn" ? turn(data) : ending(data)));
  table.querySelector("button, h2")?.focus();
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function percent(share) {
  if (share < 0.01) return "<1 %";
  if (share > 0.99) return ">99 %";
  return `${Math.round(100 * share)} %`;
}

function listed(shares) {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${percent(share)}`)
    .join(", ");
}

function turn(data) {
  const shown = [element("h2", data.move), element("p", data.seen, "note")];
  if (data.about) shown.push(element("p", data.about));
  const worth = Object.entries(data.worth).map(([name, share]) => `${name} ${share.toFixed(2)}`);
  shown.push(
    element("p", `What each end is worth to you at the least cost on the way (1 your best, 0 your worst): ${worth.join(", ")}.`),
  );
  if (document.getElementById("beliefs").checked) {
    for (const [actor, shares] of Object.entries(data.beliefs)) {
      shown.push(element("p", `You should believe that ${actor} is: ${listed(shares)}.`));
    }
  }
  for (const option of data.options) {
    const button = element("button", option);
    button.type = "button";
    button.addEventListener("click", () => ask({ play: number, option }));
    shown.push(button);
  }
  return shown;
}

function ending(data) {
  const shown = [element("h2", `Outcome: ${data.outcome}`)];
  shown[0].tabIndex = -1;
  for (const [actor, type] of Object.entries(data.types)) {
    shown.push(element("p", `${actor} was: ${type}.`));
  }
  const path = element("ol", "");
  for (const [actor, move, option] of data.path) {
    path.append(element("li", `${actor}: ${move}: ${option}`));
  }
  shown.push(element("h3", "What was done"), path, element("h3", "Your choices beside equilibrium play"));
  const choices = element("ul", "");
  for (const choice of data.choices) {
    const loss = choice.loss > 0.005 ? ` You gave up ${choice.loss.toFixed(2)} of the span.` : "";
    choices.append(
      element("li", `${choice.move}: ${choice.option}. Equilibrium: ${listed(choice.equilibrium)}.${loss}`),
    );
  }
  shown.push(choices);
  return shown;
}

document.getElementById("deal").addEventListener("submit", (event) => {
  event.preventDefault();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  ask({ actor: document.getElementById("seat").value, seed });
});
