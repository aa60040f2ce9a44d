"""The pump: the only place with threads, selectors and clocks. Imports patterns, transports and zmtp."""
