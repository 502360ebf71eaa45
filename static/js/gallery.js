/* An item's pictures: thumbnails and buttons move the strip, the strip marks its thumbnail, a click enlarges. Without this
   file the strip still swipes, thumbnails are links to their picture, and a picture is a link to its large cut. */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const track = gallery.querySelector(".gallery-track");
  const shots = [...track.children];
  const thumbs = [...gallery.querySelectorAll(".gallery-thumbs a")];
  const steps = gallery.querySelector("[data-steps]");
  let current = 0;

  const mark = (number) => {
    current = number;
    thumbs.forEach((thumb, place) => place === number ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current"));
    for (const button of steps?.children ?? []) button.disabled = !shots[number + Number(button.dataset.step)];
  };
  const go = (number) => track.scrollTo({ left: number * track.clientWidth, behavior: calm.matches ? "auto" : "smooth" });

  thumbs.forEach((thumb, number) => thumb.addEventListener("click", (event) => {
    event.preventDefault();
    go(number);
  }));
  if (steps) {
    steps.hidden = false;
    steps.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) go(current + Number(button.dataset.step));
    });
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) mark(shots.indexOf(entry.target));
    }, { root: track, threshold: 0.6 });
    shots.forEach((shot) => seen.observe(shot));
  }

  const dialog = gallery.querySelector("[data-zoomed]");
  track.addEventListener("click", (event) => {
    const link = event.target.closest("[data-zoom]");
    if (!link || !dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const large = dialog.querySelector("img");
    large.src = link.href;
    large.alt = link.querySelector("img").alt;
    dialog.showModal();
  });
  dialog?.querySelector(".zoom-pane").addEventListener("click", () => dialog.close());
}
