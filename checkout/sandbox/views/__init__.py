"""Pages for people and routes for browsers; mounted only while the sandbox is on."""
