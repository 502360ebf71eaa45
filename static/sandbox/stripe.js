/* A stand-in for Stripe.js: the same calls and promises as the present release, against this shop's sandbox.
   What Stripe.js no longer has (redirectToCheckout) is missing here too; stripe-legacy.js adds it. */
(function () {
  "use strict";

  var here = document.currentScript;
  var base = new URL("/sandbox/", here ? here.src : location.href).href;
  var METHODS = [
    ["pm_card_visa", "4242 4242 4242 4242", "succeeds"],
    ["pm_card_chargeDeclined", "4000 0000 0000 0002", "is declined"],
    ["pm_card_chargeDeclinedInsufficientFunds", "4000 0000 0000 9995", "has insufficient funds"],
    ["pm_card_authenticationRequired", "4000 0027 6000 3184", "asks for 3-D Secure"],
    ["pm_usBankAccount", "Bank debit", "settles days later"]
  ];

  function IntegrationError(message) {
    var error = new Error(message);
    error.name = "IntegrationError";
    return error;
  }

  function make(tag, properties, children) {
    var node = Object.assign(document.createElement(tag), properties || {});
    (children || []).forEach(function (child) { node.append(child); });
    return node;
  }

  function intentId(clientSecret) {
    var match = /^(pi_[A-Za-z0-9]+)_secret_/.exec(clientSecret || "");
    if (!match) throw IntegrationError("Invalid value for clientSecret: it should look like pi_…_secret_….");
    return match[1];
  }

  function PaymentElement() {
    var listeners = {}, node = null, chosen = null, name = "sandbox-card-" + Math.random().toString(36).slice(2);

    function tell(event, detail) {
      (listeners[event] || []).forEach(function (listener) { listener(detail || { elementType: "payment" }); });
    }

    function option(method, index) {
      var radio = make("input", { type: "radio", name: name, value: method[0], id: name + index });
      radio.addEventListener("change", function () {
        chosen = method[0];
        tell("change", { elementType: "payment", complete: true, empty: false, value: { type: "card" } });
      });
      var label = make("label", { htmlFor: radio.id }, [method[1] + " – " + method[2]]);
      var row = make("div", {}, [radio, " ", label]);
      row.style.padding = "0.4rem 0";
      return row;
    }

    return {
      mount: function (target) {
        var place = typeof target === "string" ? document.querySelector(target) : target;
        if (!place) throw IntegrationError("The selector you specified (" + target + ") applies to no DOM elements.");
        var note = make("p", {}, ["Demo – no money moves. Choose a test card:"]);
        var legend = make("legend", {}, ["Payment"]);
        node = make("fieldset", { className: "sandbox-payment-element" }, [legend, note].concat(METHODS.map(option)));
        place.replaceChildren(node);
        setTimeout(function () { tell("ready"); }, 0);
      },
      unmount: function () { if (node) node.remove(); node = null; },
      destroy: function () { this.unmount(); listeners = {}; },
      on: function (event, listener) { (listeners[event] = listeners[event] || []).push(listener); return this; },
      update: function () {},
      focus: function () { var first = node && node.querySelector("input"); if (first) first.focus(); },
      _mounted: function () { return node !== null; },
      _chosen: function () { return chosen; }
    };
  }

  function Elements(options) {
    var payment = null, submitted = false;
    options = options || {};
    if ("paymentMethodTypes" in options) throw IntegrationError("paymentMethodTypes was removed from elements().");
    if (options.clientSecret) intentId(options.clientSecret);
    else if (!options.mode) throw IntegrationError("elements() needs a clientSecret, or mode, amount and currency.");
    return {
      create: function (type) {
        if (type !== "payment") throw IntegrationError("The sandbox has the payment element only, not " + type + ".");
        if (payment) throw IntegrationError("Can only create one Element of type payment.");
        payment = PaymentElement();
        return payment;
      },
      getElement: function () { return payment; },
      update: function (changes) { Object.assign(options, changes); return Promise.resolve(); },
      fetchUpdates: function () { return Promise.resolve({}); },
      submit: function () {
        if (!payment || !payment._mounted()) throw IntegrationError("Mount the payment element before submit().");
        submitted = Boolean(payment._chosen());
        if (submitted) return Promise.resolve({ selectedPaymentMethod: "card" });
        payment.focus();
        return Promise.resolve({
          error: { type: "validation_error", code: "incomplete_card", message: "Choose a test card." }
        });
      },
      _clientSecret: options.clientSecret,
      _method: function () { return submitted || options.clientSecret ? payment && payment._chosen() : null; }
    };
  }

  function ask(path, fields, method) {
    var body = new URLSearchParams(fields), url = base + "v1/payment_intents/" + path;
    var request = method === "POST" ? fetch(url, { method: "POST", body: body }) : fetch(url + "?" + body);
    return request.then(function (answer) { return answer.json(); }).then(function (data) {
      return data.error ? { error: data.error } : { paymentIntent: data };
    }, function () {
      return { error: { type: "api_connection_error", message: "The payment service could not be reached." } };
    });
  }

  function goBack(intent, returnUrl) {
    var url = new URL(returnUrl, location.href);
    url.searchParams.set("payment_intent", intent.id);
    url.searchParams.set("payment_intent_client_secret", intent.client_secret);
    url.searchParams.set("redirect_status", intent.status === "processing" ? "pending" : "succeeded");
    location.assign(url.href);
    return new Promise(function () {}); // the page is being left, as with the real one
  }

  function Stripe(key) {
    if (!/^pk_/.test(key || "")) throw IntegrationError("Stripe() needs a publishable key (pk_…), never a secret one.");
    var stripe = {
      elements: Elements,
      retrievePaymentIntent: function (clientSecret) {
        return ask(intentId(clientSecret), { client_secret: clientSecret, key: key }, "GET");
      },
      confirmPayment: function (options) {
        var elements = options.elements, always = options.redirect !== "if_required";
        var secret = options.clientSecret || (elements && elements._clientSecret);
        var returnUrl = options.confirmParams && options.confirmParams.return_url;
        if (always && !returnUrl) throw IntegrationError("confirmPayment() needs confirmParams.return_url.");
        var method = elements && elements._method();
        if (!method) {
          return Promise.resolve({
            error: { type: "validation_error", code: "incomplete_card", message: "Choose a test card." }
          });
        }
        var details = (options.confirmParams || {}).payment_method_data || {};
        var email = (details.billing_details || {}).email;
        var fields = { client_secret: secret, key: key, payment_method: method, return_url: returnUrl || location.href };
        if (email) fields.email = email;
        var shipping = (options.confirmParams || {}).shipping;
        if (shipping) {
          fields["shipping[name]"] = shipping.name;
          Object.keys(shipping.address).forEach(function (part) {
            fields["shipping[address][" + part + "]"] = shipping.address[part];
          });
        }
        return ask(intentId(secret) + "/confirm", fields, "POST").then(function (result) {
          var intent = result.paymentIntent;
          if (!intent) return result;
          if (intent.status === "requires_action") {
            location.assign(intent.next_action.redirect_to_url.url);
            return new Promise(function () {});
          }
          return always ? goBack(intent, returnUrl) : result;
        });
      }
    };
    (Stripe._additions || []).forEach(function (add) { add(stripe, key); });
    return stripe;
  }

  Stripe.version = "sandbox";
  Stripe._base = base;
  window.Stripe = Stripe;
})();
