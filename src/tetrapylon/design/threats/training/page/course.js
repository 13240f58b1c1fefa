// Shows a module, draws questions, and tells the training system the score. Text is only ever set as text.
"use strict";
(function () {
  const course = window.COURSE;
  const version2004 = course.scorm === "2004";
  const name = version2004 ? "API_1484_11" : "API";
  let session = null;

  // SCORM: the API stands in a window above this one, or above the one that opened it.
  function findApi(from) {
    for (let win = from, steps = 0; win && steps < 20; steps += 1) {
      try {
        if (win[name]) { return win[name]; }
      } catch (error) { return null; }
      if (win.parent === win) { return null; }
      win = win.parent;
    }
    return null;
  }

  function call(classic, modern, ...values) {
    if (session === null) { return "false"; }
    try { return String(session[version2004 ? modern : classic](...values)); } catch (error) { return "false"; }
  }

  const set = (key, value) => call("LMSSetValue", "SetValue", key, String(value)) === "true";

  function element(tag, text, parent) {
    const made = document.createElement(tag);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  // An order that nobody can foresee; the training system sees only what came of it.
  function shuffled(list) {
    const order = list.slice();
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = crypto.getRandomValues(new Uint32Array(1))[0] % (last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }

  function begin() {
    session = findApi(window) || (window.opener ? findApi(window.opener) : null);
    if (session !== null && call("LMSInitialize", "Initialize", "") !== "true") { session = null; }
    document.title = course.title;
    document.getElementById("title").textContent = course.title;
    document.getElementById("record").textContent = session === null
      ? "No training system was found: nothing will be recorded."
      : "Your result is recorded in your training system.";
    if (session !== null) { set(version2004 ? "cmi.completion_status" : "cmi.core.lesson_status", "incomplete"); call("LMSCommit", "Commit", ""); }
    const screens = document.getElementById("screens");
    for (const screen of course.screens) {
      element("h2", screen.title, screens);
      element("p", screen.text, screens);
    }
  }

  function ask(item, number) {
    const box = document.createElement("fieldset");
    element("legend", `${number}. ${item.text}`, box);
    for (const option of shuffled(item.options)) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "radio";
      input.name = `item-${number}`;
      input.value = option;
      label.append(input, option);
      box.append(label);
    }
    document.getElementById("questions").append(box);
    return { item, box };
  }

  function marked(asked) {
    let right = 0;
    let practical = true;
    asked.forEach(({ item, box }, index) => {
      const chosen = box.querySelector("input:checked");
      const good = chosen !== null && chosen.value === item.right;
      right += good ? 1 : 0;
      practical = practical && (good || !item.practical);
      const why = element("p", good ? `Right. ${item.why}` : `The right answer: ${item.right} — ${item.why}`, box);
      why.className = good ? "why right" : "why";
      const row = `cmi.interactions.${index}`;
      set(`${row}.id`, `i${index}-${item.key}`);
      set(`${row}.type`, "choice");
      set(`${row}.result`, good ? "correct" : version2004 ? "incorrect" : "wrong");
    });
    return { score: right / asked.length, practical };
  }

  function report({ score, practical }) {
    const passed = practical && score >= course.threshold;
    const raw = Math.floor(score * 100);
    if (version2004) {
      set("cmi.score.min", 0); set("cmi.score.max", 100); set("cmi.score.raw", raw); set("cmi.score.scaled", raw / 100);
      set("cmi.completion_status", "completed"); set("cmi.success_status", passed ? "passed" : "failed");
    } else {
      set("cmi.core.score.min", 0); set("cmi.core.score.max", 100); set("cmi.core.score.raw", raw);
      set("cmi.core.lesson_status", passed ? "passed" : "failed");
    }
    // What an export for Tetrapylon needs beside the score: which version it was, and whether the practical items were right.
    set("cmi.suspend_data", `${course.course};practical=${practical ? "yes" : "no"}`);
    call("LMSCommit", "Commit", "");
    const why = practical ? "" : " Every practical item has to be right.";
    document.getElementById("outcome").textContent = `${passed ? "Passed" : "Not passed"}: ${raw} of 100, needed ${Math.round(course.threshold * 100)}.${why}`;
  }

  begin();
  const chosen = [
    ...shuffled(course.items.filter((each) => !each.practical)).slice(0, course.draw),
    ...shuffled(course.items.filter((each) => each.practical)).slice(0, course.practical),
  ];
  const asked = chosen.map((item, index) => ask(item, index + 1));
  const button = document.getElementById("finish");
  button.addEventListener("click", () => {
    button.disabled = true;
    for (const input of document.querySelectorAll("input")) { input.disabled = true; }
    report(marked(asked));
  });
  let ended = false;
  window.addEventListener("pagehide", () => {
    if (!ended) { ended = true; call("LMSFinish", "Terminate", ""); }
  });
}());
