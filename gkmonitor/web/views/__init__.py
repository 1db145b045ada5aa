"""The pages, one module a noun; each has `router` and is found by `gkmonitor.web.app`."""
