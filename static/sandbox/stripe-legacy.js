/* What the evergreen v3 of Stripe.js still has: redirectToCheckout({sessionId}). Served behind stripe.js. */
(function () {
  "use strict";
  window.Stripe.version = 3;
  window.Stripe._additions = [function (stripe) {
    stripe.redirectToCheckout = function (options) {
      var id = options && options.sessionId;
      if (!/^cs_test_\w+$/.test(id || "")) {
        return Promise.resolve({ error: { type: "invalid_request_error", message: "No such checkout session." } });
      }
      location.assign(window.Stripe._base + "pay/" + id + "/");
      return new Promise(function () {});
    };
  }];
})();
