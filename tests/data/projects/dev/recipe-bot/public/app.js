const form = document.querySelector("#ask");
const out = document.querySelector("#recipe");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch("/api/recipes", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ fridge: form.fridge.value }),
  });
  const recipe = await response.json();
  out.innerHTML = `
    <h1>${recipe.title}</h1>
    ${recipe.picture ? `<img src="${recipe.picture}" alt="">` : ""}
    <ul>${recipe.ingredients.map((each) => `<li>${each}</li>`).join("")}</ul>
    <ol>${recipe.steps.map((each) => `<li>${each}</li>`).join("")}</ol>`;
});
