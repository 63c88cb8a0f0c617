"use strict";
(() => {
  const rows = [...document.querySelectorAll("#ruletable tbody tr")];
  document.getElementById("search").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase().trim();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
})();
