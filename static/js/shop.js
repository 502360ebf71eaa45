/* What makes the shop nicer to use. Every page works without it: forms post, links lead on. */

const say = (text) => {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
};

const UNREACHABLE = "The shop cannot be reached right now. Please try again in a moment.";

/** POSTs a form's fields and reads the JSON answer. Throws Error with a message for people. */
async function post(url, form) {
  let response;
  let answer = null;
  try {
    response = await fetch(url, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    answer = await response.json();
  } catch {
    throw new Error(UNREACHABLE);
  }
  if (!response.ok) throw new Error(answer?.error?.message ?? UNREACHABLE);
  return answer;
}

/* --- Buying ---------------------------------------------------------------------------------- */

let stripeScript;

/** Stripe.js, fetched on the first click that needs it; null where it cannot be had. */
function loadStripe(address) {
  stripeScript ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Stripe ?? null);
    script.onerror = () => resolve(null);
    document.head.append(script);
    setTimeout(() => resolve(window.Stripe ?? null), 4000);
  });
  return stripeScript;
}

/** To the payment page: through Stripe.js where it still knows how, else straight to the address. */
async function goToPayment({ session_id: sessionId, url, publishable_key: key }, loading) {
  const Stripe = sessionId ? await loading : null;
  if (Stripe) {
    try {
      const stripe = Stripe(key);
      if (typeof stripe.redirectToCheckout === "function") {
        const { error } = (await stripe.redirectToCheckout({ sessionId })) ?? {};
        if (!error) return;
      }
    } catch { /* the address below always works */ }
  }
  location.assign(url);
}

async function buy(form) {
  const loading = loadStripe(form.dataset.stripeJs);
  await goToPayment(await post(form.action, form), loading);
}

async function addToBasket(form, button) {
  await post(button.formAction, form);
  showCount();
  const done = form.querySelector("[data-done]");
  const link = Object.assign(document.createElement("a"), { href: "/basket/", textContent: "See the basket" });
  done.replaceChildren("Added to your basket. ", link);
  done.hidden = false;
  say("Added to your basket.");
}

function setBusy(form, button, busy, label) {
  for (const one of form.querySelectorAll("button[data-act]")) one.disabled = busy;
  button.toggleAttribute("data-busy", busy);
  button.setAttribute("aria-busy", String(busy));
  if (busy) button.dataset.label = button.textContent;
  button.textContent = busy ? label : button.dataset.label;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const button = event.submitter ?? form.querySelector("[data-act]");
  if (!form.matches("[data-buy]") || !button) return;
  event.preventDefault();
  if (button.disabled) return;
  const adding = button.dataset.act === "add";
  const error = form.querySelector("[data-error]");
  error.textContent = "";
  form.querySelector("[data-done]")?.setAttribute("hidden", "");
  setBusy(form, button, true, adding ? "Adding…" : "To the payment page…");
  try {
    await (adding ? addToBasket : buy)(form, button);
    if (adding) setBusy(form, button, false);
  } catch (problem) {
    setBusy(form, button, false);
    error.textContent = problem.message;
    button.focus();
  }
});

// Back from the payment page by the Back button: the page may come from memory, with its button still busy.
addEventListener("pageshow", (event) => {
  showCount();
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("button[data-busy]")) setBusy(button.form, button, false);
});

/* --- Basket count: in a cookie, so that pages are the same for everybody ----------------------- */

function showCount() {
  const count = Number(/(?:^|;\s*)basket_count=(\d+)/.exec(document.cookie)?.[1] ?? 0);
  for (const place of document.querySelectorAll("[data-basket-count]")) {
    place.hidden = !count;
    place.textContent = count;
    place.setAttribute("aria-label", `${count} ${count === 1 ? "item" : "items"}`);
    place.setAttribute("role", "img");
  }
}

/* --- Quantity: − and + around the number -------------------------------------------------------- */

for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  const step = (sign, by, name) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", () => {
      const wanted = (Number.parseInt(input.value, 10) || 0) + by;
      const value = Math.min(Number(input.max || 999), Math.max(Number(input.min || 1), wanted));
      if (String(value) === input.value) return say(by > 0 ? `There are no more than ${value}.` : "");
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      return say(`Quantity ${value}`);
    });
    return button;
  };
  stepper.prepend(step("−", -1, "One less"));
  stepper.append(step("+", 1, "One more"));
}

// A changed line saves itself; a short pause lets several clicks become one.
let saving;
for (const button of document.querySelectorAll("[data-update]")) button.classList.add("visually-hidden");
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-line]")) return;
  clearTimeout(saving);
  saving = setTimeout(() => form.reportValidity() && form.requestSubmit(), 600);
});

/* --- Gallery: thumbnails move the strip, the strip marks its thumbnail --------------------------- */

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const track = gallery.querySelector(".gallery-track");
  const links = [...gallery.querySelectorAll(".gallery-thumbs a")];
  if (!links.length) continue;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  links.forEach((link, number) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      track.scrollTo({ left: number * track.clientWidth, behavior: calm.matches ? "auto" : "smooth" });
    });
  });
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      for (const link of links) {
        if (link.hash === `#${entry.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { root: track, threshold: 0.6 });
  for (const shot of track.children) seen.observe(shot);
}

/* --- Videos: the service is asked only after a click; without this the link leads there ------------- */

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-video]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: link.dataset.video, title: link.dataset.title, allow: "autoplay; fullscreen; picture-in-picture", allowFullscreen: true });
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  link.replaceWith(frame);
  frame.focus();
});

/* --- The order page while Stripe's word is awaited ----------------------------------------------- */

const confirming = document.querySelector("[data-confirming]");
if (confirming) {
  let asked = 0;
  const ask = async () => {
    asked += 1;
    try {
      const response = await fetch(location.pathname, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (response.ok && (await response.json()).status !== confirming.dataset.confirming) return location.replace(location.pathname);
    } catch { /* offline for a moment: ask again */ }
    return setTimeout(ask, asked < 30 ? 2000 : 10000);
  };
  setTimeout(ask, 2000);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

showCount();
