/* The payment page: Stripe's Payment Element around the order's one intent. What was paid is never decided here:
   after the payment Stripe sends the buyer to the return address, where the server asks Stripe. */

const form = document.querySelector("[data-pay]");
const button = form.querySelector("button[type=submit]");
const error = form.querySelector("[data-error]");
const place = form.querySelector("[data-element]");
const label = button.textContent;
let stripe;
let elements;
let secret;

function tell(text) {
  error.textContent = text;
  button.disabled = !elements;
  button.removeAttribute("aria-busy");
  button.textContent = label;
}

/** The intent at the order's present total. Throws Error with a message for people. */
async function askForIntent() {
  let response;
  let answer;
  try {
    response = await fetch(form.dataset.intent, { method: "POST", headers: { Accept: "application/json" } });
    answer = await response.json();
  } catch {
    throw new Error(form.dataset.textUnreachable);
  }
  if (response.ok && answer.client_secret) return answer;
  if (response.ok || answer.error?.code === "order_closed") {
    location.replace(form.dataset.order); // paid in another window, or over
    return new Promise(() => {});
  }
  throw new Error(answer.error?.message ?? form.dataset.textUnreachable);
}

/** Colours of the page, so that the element looks like a part of it in light and dark. */
function appearance() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    variables: {
      colorPrimary: colour("--accent"),
      colorBackground: colour("--sheet"),
      colorText: colour("--ink"),
      colorTextSecondary: colour("--soft"),
      borderRadius: colour("--round"),
      fontSizeBase: "17px",
    },
  };
}

async function begin() {
  if (!window.Stripe) throw new Error(form.dataset.textBlocked);
  const intent = await askForIntent();
  if (String(intent.amount) !== form.dataset.amount) return location.reload();
  secret = intent.client_secret;
  stripe = window.Stripe(intent.publishable_key, { locale: document.documentElement.lang || "auto" });
  const made = stripe.elements({ clientSecret: secret, appearance: appearance() });
  const element = made.create("payment", { fields: { billingDetails: { email: "never" } } });
  element.on("ready", () => {
    elements = made;
    button.disabled = false;
  });
  element.on("loaderror", () => tell(form.dataset.textBlocked));
  place.replaceChildren();
  return element.mount(place);
}

/** Where to send it, if the order is sent; Stripe keeps it with the payment, and the shop reads it there. */
function shipping() {
  if (!form.querySelector("[data-address]")) return {};
  const typed = (name) => form.elements[name].value.trim();
  const address = Object.fromEntries(["line1", "line2", "postal_code", "city", "country"].map((name) => [name, typed(name)]));
  if (!address.line2) delete address.line2;
  return { shipping: { name: typed("name"), address } };
}

async function pay() {
  const { error: incomplete } = await elements.submit();
  if (incomplete) return tell(incomplete.message);
  // Somebody may have changed the order in another window: nobody pays another sum than the one they see.
  const intent = await askForIntent();
  if (String(intent.amount) !== form.dataset.amount || intent.client_secret !== secret) {
    tell(form.dataset.textChanged);
    return setTimeout(() => location.reload(), 2500);
  }
  const confirmParams = {
    return_url: form.dataset.return,
    payment_method_data: { billing_details: { email: form.elements.email.value } },
    ...shipping(),
  };
  const { error: refused } = await stripe.confirmPayment({ elements, confirmParams });
  return refused && tell(refused.message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  tell("");
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  button.textContent = form.dataset.textBusy;
  try {
    await pay();
  } catch (problem) {
    tell(problem.message);
  }
});

// Back from 3-D Secure by the Back button: the page may come from memory, still busy.
addEventListener("pageshow", (event) => event.persisted && location.reload());

begin().catch((problem) => {
  place.replaceChildren();
  tell(problem.message);
});
