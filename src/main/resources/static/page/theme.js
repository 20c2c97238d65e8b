// Runs before anything is drawn, so that a dark page never flashes white.
(() => {
  const chosen = sessionStorage.getItem("evenkeel.theme");
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
})();
