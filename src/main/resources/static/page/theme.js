// Runs before anything is drawn, so that a dark page never flashes white.
(() => {
  const chosen = sessionStorage.getItem("evenkeel.theme");
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
  }
  // browsers send the origin with modules and not with this script: behind a proxy that ends TLS
  // the service may refuse them
  window.addEventListener("load", () => {
    if (!document.documentElement.dataset.started) {
      document.querySelector(".waiting").textContent = "The page could not load its modules. Behind a proxy,"
        + " the setting evenkeel.security.cors-origins must list the origin " + location.origin + ".";
    }
  });
})();
