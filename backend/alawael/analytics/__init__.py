"""How the business is doing: the figures of the dashboard. Reads every domain, writes none."""
