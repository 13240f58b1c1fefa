// Small tools for the pages.
export function prompt(text) {
  return window.confirm(text);
}

export const chain = (...tools) => (value) => tools.reduce((before, tool) => tool(before), value);

document.querySelectorAll("[data-ask]").forEach((element) => {
  element.addEventListener("click", (event) => {
    if (!prompt(element.dataset.ask)) event.preventDefault();
  });
});
