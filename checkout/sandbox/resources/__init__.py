"""One module for each resource of the API; `checkout.sandbox.routes` puts them together."""
