"""Who trades: our own company, its customers and its suppliers. What they owe, the ledger knows."""
