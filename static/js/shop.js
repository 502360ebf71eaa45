/* What makes the shop nicer to use. Every page works without it: forms post, links lead on. */

const region = document.getElementById("announce");
/** The page's own words for the script, in its language (templates/components/words.html). */
const words = region.dataset;
const say = (text) => { region.textContent = text; };
const fill = (text, number) => text.replace("{number}", number);

/** POSTs a form's fields and reads the JSON answer. Throws Error with a message for people. */
async function post(url, form) {
  let response;
  let answer = null;
  try {
    response = await fetch(url, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    answer = await response.json();
  } catch {
    throw new Error(words.unreachable);
  }
  if (!response.ok) throw new Error(answer?.error?.message ?? words.unreachable);
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
  const link = Object.assign(document.createElement("a"), { href: "/basket/", textContent: words.basket });
  done.replaceChildren(`${words.added} `, link);
  done.hidden = false;
  say(words.added);
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
  setBusy(form, button, true, adding ? words.adding : words.paying);
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
    place.setAttribute("aria-label", fill(words.count, count));
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
      if (String(value) === input.value) return say(by > 0 ? fill(words.most, value) : "");
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      return say(fill(words.quantity, value));
    });
    return button;
  };
  stepper.prepend(step("−", -1, words.less));
  stepper.append(step("+", 1, words.more));
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

/* --- Search: suggestions while somebody types; the form works all the same ------------------------ */

function suggestFor(form, number) {
  const input = form.querySelector("input[type=search]");
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  form.append(list);
  let asked = "";
  let timer;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (step) => {
    const options = [...list.children];
    const now = options.findIndex((one) => one.ariaSelected === "true");
    const next = options[(now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length];
    for (const one of options) one.ariaSelected = String(one === next);
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  };
  const show = (found) => {
    list.replaceChildren(...found.map((one, place) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${place}` });
      option.setAttribute("role", "option");
      option.dataset.url = one.url;
      const price = Object.assign(document.createElement("span"), { textContent: one.price });
      option.append(one.title, price);
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) say(fill(words.found, found.length));
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    if (text.length < 2) return close();
    try {
      const response = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`);
      if (response.ok && text === asked) show((await response.json()).suggestions);
    } catch { close(); }
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 180); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen) location.assign(chosen.dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("li");
    if (option) location.assign(option.dataset.url);
  });
}

document.querySelectorAll("[data-suggest]").forEach(suggestFor);

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
